/**
 * What sysctl.d(5) asks for, by systemd-sysctl's rules: a file in a folder that counts more hides one of the same name, files
 * are applied in the order of their names, keys with wildcards are applied first and yield to keys that are written out, and a
 * "-" in front means that failing to set it does not matter, or, without a value, that wildcards shall leave it alone.
 */

import type { Machine } from '../../host/machine.ts';

/** Folders of sysctl.d(5), those that count first in front. */
export const SYSCTL_FOLDERS = [
  'etc/sysctl.d',
  'run/sysctl.d',
  'usr/local/lib/sysctl.d',
  'usr/lib/sysctl.d',
  'lib/sysctl.d',
] as const;
const MAX_FILES = 500;
const MAX_KEYS = 5_000;

/** One line of a file. */
export interface SysctlLine {
  /** A path below /proc/sys, perhaps with wildcards: "net/ipv4/conf/eth?/rp_filter". */
  readonly path: string;
  /** Undefined where the line only keeps wildcards off a key. */
  readonly value: string | undefined;
  /** Whether failing to set it matters. */
  readonly optional: boolean;
  readonly where: string;
}

/** Where a key leads below /proc/sys: the first separator says what separates ("net.ipv4.conf.eth0/1.x" or "net/ipv4/…"). */
export function sysctlPath(key: string): string {
  const first = /[./]/.exec(key)?.[0];
  const path = first === '.' ? key.replace(/[./]/g, (one) => (one === '.' ? '/' : '.')) : key;
  return path.replace(/^\/+|\/+$/g, '');
}

/** Parses one file; lines that are neither assignment nor comment are left out, as systemd-sysctl does with a warning. */
export function parseSysctlFile(text: string, where: string): SysctlLine[] {
  const lines: SysctlLine[] = [];
  for (const [index, row] of text.split(/\r?\n/).slice(0, MAX_KEYS).entries()) {
    const trimmed = row.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    const at = trimmed.indexOf('=');
    const optional = trimmed.startsWith('-');
    const key = (at < 0 ? trimmed : trimmed.slice(0, at)).replace(/^-/, '').trim();
    if (key === '' || (at < 0 && !optional) || !/^[\w.*?[\]!/:@-]+$/.test(key)) continue;
    const path = sysctlPath(key);
    if (path.split('/').some((step) => step === '' || step === '.' || step === '..')) continue;
    lines.push({
      path,
      value: at < 0 ? undefined : trimmed.slice(at + 1).trim(),
      optional,
      where: `${where}:${index + 1}`,
    });
  }
  return lines;
}

/** All lines of a machine's files in the order in which they are applied. @throws Unavailable */
export function readSysctlFiles(machine: Machine): SysctlLine[] {
  const files = new Map<string, string>();
  for (const folder of SYSCTL_FOLDERS)
    for (const name of machine.list(folder).slice(0, MAX_FILES))
      if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${folder}/${name}`);
  return [...files.keys()].sort().flatMap((name) => {
    const path = files.get(name) ?? '';
    // A link to /dev/null only hides files of that name.
    return machine.link(path) === '/dev/null' ? [] : parseSysctlFile(machine.text(path) ?? '', `/${path}`);
  });
}

/** The last value for every key. Wildcards are resolved among the paths that `expand` gives for them. */
export function resolveSysctls(
  lines: readonly SysctlLine[],
  expand: (pattern: string) => readonly string[],
): Map<string, SysctlLine> {
  const isPattern = (path: string) => /[*?[]/.test(path);
  const wanted = new Map<string, SysctlLine>();
  const named = new Set(lines.filter(({ path }) => !isPattern(path)).map(({ path }) => path));
  for (const one of lines) {
    if (one.value === undefined) continue;
    if (!isPattern(one.path)) wanted.set(one.path, one);
    else
      for (const path of expand(one.path))
        if (!named.has(path)) wanted.set(path, { ...one, path, optional: true });
  }
  return wanted;
}
