/** Tables of `df`, as captured machines have them. */

/** A row. */
export interface DfRow {
  readonly source: string;
  readonly path: string;
  /** "ext4", in a table with -T; else empty. */
  readonly type: string;
  /** Bytes, or inodes in a table of `df -i`. */
  readonly size: number;
  readonly used: number;
  readonly available: number;
}

/** A table. */
export interface DfTable {
  /** Whether it counts inodes. */
  readonly inodes: boolean;
  readonly rows: readonly DfRow[];
}

const MAX_ROWS = 20_000;
const SUFFIXES = ' KMGTPE';

/** A number of a table, with a suffix of `df -h` ("1.5G") or without. */
function numberOf(word: string, unit: number): number {
  const match = /^(\d+(?:[.,]\d+)?)([KMGTPE]?)i?B?$/.exec(word);
  if (!match?.[1]) return Number.NaN;
  const suffix = match[2] === undefined || match[2] === '' ? undefined : SUFFIXES.indexOf(match[2]);
  // "1.6M" inodes are a whole number too.
  return Math.round(Number(match[1].replace(',', '.')) * (suffix === undefined ? unit : 1_024 ** suffix));
}

/**
 * Parses what `df` printed, with any of -a, -l, -T, -P, -k, -h, -i and -B. A long source that has a line of its own is joined
 * with the next. Rows without numbers (pseudo file systems show "-") are left out.
 */
export function parseDf(text: string): DfTable {
  const lines = text.split('\n').slice(0, MAX_ROWS);
  const english = lines.findIndex((row) => /^Filesystem\s/.test(row));
  // In another language its words are others, but the percent sign is there, and no number.
  const start =
    english >= 0 ? english : lines.findIndex((row) => /^\D*%\D*$/.test(row) && /\S+(?:\s+\S+){4}/.test(row));
  const header = lines[start] ?? '';
  const inodes = /\bIUsed\b|\bInodes\b/.test(header);
  const block = /(\d+)(K?)(?:[iB]*)-blocks|(\d+)B-blocks/.exec(header);
  const unit = inodes ? 1 : block ? Number(block[1] ?? 1) * (block[2] === 'K' ? 1_024 : 1) : 1_024;
  const rows: DfRow[] = [];
  let carried = '';
  for (const row of lines.slice(start + 1)) {
    const words = row.trim().split(/\s+/);
    if (words.length === 1 && words[0] !== '') {
      carried = words[0] ?? '';
      continue;
    }
    const all = carried === '' ? words : [carried, ...words];
    carried = '';
    const at = all.findIndex(
      (word, index) => index >= 4 && /^(-|\d+%)$/.test(word) && all[index + 1]?.startsWith('/'),
    );
    if (at < 0) continue;
    const [size = Number.NaN, used = Number.NaN, available = Number.NaN] = all
      .slice(at - 3, at)
      .map((word) => numberOf(word, unit));
    if (!Number.isFinite(size + used + available)) continue;
    // With -T there is a column more in front of the sizes.
    const type = at === 5 ? (all[1] ?? '') : '';
    rows.push({ source: all[0] ?? '', type, path: all.slice(at + 1).join(' '), size, used, available });
  }
  return { inodes, rows };
}
