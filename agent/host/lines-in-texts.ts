/**
 * Lines that are known wherever in a text they stand: what programs say that they could not do, and a header of an oops that somebody
 * kept without the oops.
 */

import { headingOf } from './section-starts.ts';
import { taintWordsOf } from './taint-words.ts';

/** The lines of one kind, one below the other. */
export interface LinesOf {
  /** What they are asked for by, as by a command: "tool-errors". */
  readonly command: string;
  readonly text: string;
}

/** Programs that say what they could not do; of the kernel's own files an error means no trouble of a disk. */
export const TOOL_ERROR =
  /^\s{0,12}(?:-?(?:ba|z|da|k)?sh|df|ls|cat|cp|mv|rm|touch|mkdir|u?mount|find|du|stat|cd|tar|rsync|dd|tee|chmod|chown|ln|head|tail|grep|sed|echo|badblocks|fdisk|parted|sfdisk|blkid|hdparm|ddrescue|file|dpkg|apt-get|yum|dnf)\b: (?!.*\/(?:sys|proc)\/).{0,300}(?:Input\/output error|Stale (?:NFS )?file handle|Transport endpoint is not connected|Structure needs cleaning|Read-only file system|Remote I\/O error|can't read superblock|Cannot allocate memory)\b/;
/** The kernel's taint as an oops tells it, by letters and (since Linux 6.11) by words, and the modules that taint it, perhaps with a time. */
const TAINTED =
  /^.{0,160}?(?:\bCPU: \d{1,5} (?:UID: \d{1,10} )?PID: \d{1,10} Comm: .{1,40}|\bPid: \d{1,10}, comm: .{1,40}|(?<=^[\s>|]{0,12}|\]|\bkernel:)\s*)\bTainted: (?:[GP][ A-Z-]|\[[A-Z]\]=)|(?:^|\]|\bkernel:)\s*Modules linked in: .*\w\([A-Z]{1,8}[+-]?\)/;
/** What is told by itself, and more of it than by the taint: then the header is not alone. */
const TROUBLE =
  /\bWARNING: |\bBUG: |\bOops\b|cut here|panic|\bfault\b|lockup|\bstall|blocked for more|Bad page|page allocation|invoked oom/i;
/** Times of both clocks, each behind the name of its command. */
const LABELLED =
  /^\s{0,8}(?:hwclock(?: -{1,2}[\w=-]{1,20}){0,4}|date(?: -[uR])?)\s?: {1,8}(?:\d{4}-\d\d-\d\d|[A-Z][a-z]{2},? )/;
const KINDS: readonly (readonly [command: string, part: RegExp, pattern: RegExp, alone?: RegExp])[] = [
  ['tool-errors', /: /, TOOL_ERROR],
  [
    'module-errors',
    /^\W*(?:modprobe|insmod): /,
    /^\s*(?:modprobe|insmod): (?:ERROR: could not insert |FATAL: Module \S{1,64} not found in directory )/,
  ],
  // The one without the other tells nothing.
  ['clock-labels', /^\W*(?:hwclock|date)\b/, LABELLED, /^(?![\s\S]*(?:^|\n)\s{0,8}hwclock\b)/],
  ['tainted', /Tainted: |linked in: /, TAINTED, TROUBLE],
];
const MAX_LINES = 5_000;
/** In a mail a line is quoted. */
const QUOTE = /^ ?(?:> ?){1,12}/;

/** The lines of each kind in a text, but for those below the prompt of another host than the first; none of kinds of which there is no line. */
export function linesIn(text: string): LinesOf[] {
  const found = new Map<string, string[]>();
  const all = text.split('\n');
  let others: ReadonlySet<number> | undefined;
  for (const [at, raw] of all.entries()) {
    if (raw.length > 4_000) continue;
    for (const [command, part, pattern] of KINDS) {
      if (!part.test(raw)) continue;
      const row = raw.replace(QUOTE, '');
      if (!pattern.test(row)) continue;
      others ??= othersIn(all);
      if (others.has(at)) continue;
      const rows = found.get(command) ?? [];
      if (rows.length < MAX_LINES) rows.push(row);
      found.set(command, rows);
    }
  }
  for (const [command, , , alone] of KINDS)
    if (alone && found.has(command) && alone.test(text)) found.delete(command);
  const words = taintWordsOf(text);
  return [
    ...[...found].map(([command, rows]) => ({ command, text: `${rows.join('\n')}\n` })),
    ...(words === '' ? [] : [{ command: 'taint-told', text: words }]),
  ];
}

/** Which lines of a text stand below the prompt of another host than the first, or of a container. */
function othersIn(rows: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  let host: string | undefined;
  let elsewhere = false;
  for (const [at, row] of rows.entries()) {
    const heading = headingOf(row.replace(QUOTE, ''));
    if (heading) {
      const name = heading.host.split('.', 1)[0] ?? '';
      if (name !== '') host ??= name;
      elsewhere = heading.elsewhere || (name !== '' && name !== host);
    } else if (elsewhere) found.add(at);
  }
  return found;
}
