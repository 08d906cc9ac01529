/**
 * Lines that are known wherever in a text they stand: what programs say that they could not do.
 */

/** The lines of one kind, one below the other. */
export interface LinesOf {
  /** What they are asked for by, as by a command: "tool-errors". */
  readonly command: string;
  readonly text: string;
}

/** Programs that say what they could not do; of the kernel's own files an error means no trouble of a disk. */
const TOOL_ERROR =
  /^\s{0,12}(?:-?(?:ba|z|da|k)?sh|df|ls|cat|cp|mv|rm|touch|mkdir|u?mount|find|du|stat|cd|tar|rsync|dd|tee|chmod|chown|ln|head|tail|grep|sed|echo|badblocks|fdisk|parted|sfdisk|blkid|hdparm|ddrescue|file|dpkg|apt-get|yum|dnf)\b: (?!.*\/(?:sys|proc)\/).{0,300}(?:Input\/output error|Stale (?:NFS )?file handle|Transport endpoint is not connected|Structure needs cleaning|Read-only file system|Remote I\/O error|can't read superblock|Cannot allocate memory)\b/;
const KINDS: readonly (readonly [command: string, pattern: RegExp])[] = [['tool-errors', TOOL_ERROR]];
const MAX_LINES = 5_000;
/** In a mail a line is quoted. */
const QUOTE = /^ ?(?:> ?){1,12}/;

/** The lines of each kind in a text; none of kinds of which there is no line. */
export function linesIn(text: string): LinesOf[] {
  const found = new Map<string, string[]>();
  for (const raw of text.split('\n')) {
    if (raw.length > 1_000) continue;
    const row = raw.replace(QUOTE, '');
    for (const [command, pattern] of KINDS) {
      if (!pattern.test(row)) continue;
      const rows = found.get(command) ?? [];
      if (rows.length < MAX_LINES) rows.push(row);
      found.set(command, rows);
    }
  }
  return [...found].map(([command, rows]) => ({ command, text: `${rows.join('\n')}\n` }));
}
