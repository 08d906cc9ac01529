/** The installed system by /etc/os-release (os-release(5)). */

import type { Machine } from '../../host/machine.ts';

/** An installed system; empty where it does not say. */
export interface OsRelease {
  /** "debian", "rhel". */
  readonly id: string;
  /** Systems that it is like, from ID_LIKE. */
  readonly like: readonly string[];
  /** "Debian GNU/Linux 12 (bookworm)". */
  readonly name: string;
  /** "12". */
  readonly version: string;
  /** IMAGE_ID and IMAGE_VERSION, of systems that are installed as images. */
  readonly imageId: string;
  readonly imageVersion: string;
}

/** Parses os-release: shell-like assignments, values quoted or not. */
export function parseOsRelease(text: string): OsRelease {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/).slice(0, 200)) {
    const match = /^\s*([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    if (match?.[1]) values.set(match[1], unquote((match[2] ?? '').trim()));
  }
  const value = (name: string) => values.get(name) ?? '';
  return {
    id: value('ID'),
    like: value('ID_LIKE').split(/\s+/).filter(Boolean),
    name: value('PRETTY_NAME') || [value('NAME'), value('VERSION')].filter(Boolean).join(' '),
    version: value('VERSION_ID'),
    imageId: value('IMAGE_ID'),
    imageVersion: value('IMAGE_VERSION'),
  };
}

function unquote(text: string): string {
  const quote = text[0];
  if (quote === "'" && text.endsWith("'") && text.length > 1) return text.slice(1, -1);
  if (quote === '"' && text.endsWith('"') && text.length > 1)
    return text.slice(1, -1).replace(/\\(["$`\\])/g, '$1');
  return text;
}

/** The system of a machine; all empty where it has no os-release. @throws Unavailable */
export function readOsRelease(machine: Machine): OsRelease {
  return parseOsRelease(machine.text('etc/os-release') ?? machine.text('usr/lib/os-release') ?? '');
}
