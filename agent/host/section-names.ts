/** Whose output one is that names nobody: by its file's name, else counted; and the lines of a block as they were before it was quoted or moved. */

import { deviceOfFile } from './ethtool-device.ts';
import { interfaceIn } from './section-starts.ts';

/** So many lines of a block tell how far it is moved to the right. */
const MAX_BLOCK = 60;
/** The name of the interface where an output of one was saved and nothing tells which. */
export const UNNAMED = 'unnamed';
/** The name of a disk. */
export const DISK = /(?<![a-z0-9])(?:[sh]d[a-z]{1,3}|nvme\d{1,3}(?:n\d{1,3})?)(?![a-z0-9])/;

/** In a mail it is quoted. */
export function unquoted(line: string): string {
  return line.replace(/\r$/, '').replace(/^ ?(?:> ?){1,12}/, '');
}

/** How far all lines of a block that begins at a line are moved to the right. */
export function blockIndent(lines: readonly string[], from: number): string {
  let least: string | undefined;
  for (const raw of lines.slice(from, from + MAX_BLOCK)) {
    const line = unquoted(raw);
    if (line.trim() === '') continue;
    const own = /^\s*/.exec(line)?.[0] ?? '';
    if (own.length < 2 && own !== '\t') break;
    if (least === undefined || own.length < least.length) least = own;
  }
  return least ?? '';
}

/** The interface that a file's name tells: any word behind ethtool and its option, else what looks like one. */
export function nameIn(hint: string): string | undefined {
  return deviceOfFile(hint) ?? interfaceIn(hint);
}

/** The disk that an output is about; one of which nothing tells the name is counted: "disk1". */
export function diskOf(name: string | undefined, hint: string, count: number): string {
  return name ?? DISK.exec(hint)?.[0] ?? `disk${count}`;
}
