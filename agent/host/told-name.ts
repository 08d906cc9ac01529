/** The name that a captured machine tells of itself: its file etc/hostname, the prompts in a text, the host in each line of a log. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isNobody } from './host-headings.ts';
import { logHost } from './log-hosts.ts';
import { RECORDING_FILE } from './recording.ts';
import { headingOf } from './section-starts.ts';
import { readSmallFile } from './small-file.ts';

const NAME = /^[a-z\d][\w.-]{0,62}$/i;

/**
 * The one name that a machine in a folder tells; undefined where it tells none or several, and for what nodectl gathered, which is named after
 * its node.
 * @param texts the texts in it that are looked at
 */
export function toldName(folder: string, texts: Iterable<string>): string | undefined {
  if (['index.json', RECORDING_FILE].some((name) => existsSync(join(folder, name)))) return undefined;
  const told = new Set<string>();
  const add = (name: string) => {
    if (NAME.test(name) && !isNobody(name)) told.add(name.split('.', 1)[0] ?? '');
  };
  const own = hostname(folder);
  if (own !== '') add(own);
  for (const text of told.size > 0 ? [] : texts)
    for (const line of text.split('\n')) {
      const heading = headingOf(line);
      const host = heading ? heading.host : logHost(line);
      if (host !== undefined && host !== '') add(host);
      if (told.size > 1) return undefined;
    }
  const [name] = told;
  return name;
}

function hostname(folder: string): string {
  try {
    return readSmallFile(folder, 'etc/hostname', 1_000)?.trim() ?? '';
  } catch {
    // One that may not be read tells nothing.
    return '';
  }
}
