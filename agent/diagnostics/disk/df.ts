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

/** The first line of a table, in English; in another language its words are others, but the percent sign is there, and no number. */
const ENGLISH = /^\s{0,20}Filesystem\s/;
const TRANSLATED = /^\D*%\D*$/;
/** Words above a table that counts inodes: that of a language, or the letter before or behind the words for use. */
const INODES = /\bIUsed\b|\bInodes?\b|Inœuds|Iノード|(?:^|\s)(?:I\p{L}[^\s%]{0,20}\.?|NUso)%|\(I\)%/u;

/** What the first line of a table says of its numbers. */
function headOf(header: string): { inodes: boolean; unit: number } {
  const inodes = INODES.test(header);
  const block = /(\d+)(K?)(?:[iB]*)-blocks|(\d+)B-blocks/.exec(header);
  return {
    inodes,
    unit: inodes ? 1 : block ? Number(block[1] ?? 1) * (block[2] === 'K' ? 1_024 : 1) : 1_024,
  };
}

/** A row; undefined for what is none, or has no numbers (pseudo file systems show "-"). */
function rowOf(words: readonly string[], unit: number): DfRow | undefined {
  const at = words.findIndex(
    (word, index) => index >= 4 && /^(-|\d+%)$/.test(word) && words[index + 1]?.startsWith('/'),
  );
  if (at < 0) return undefined;
  const [size = Number.NaN, used = Number.NaN, available = Number.NaN] = words
    .slice(at - 3, at)
    .map((word) => numberOf(word, unit));
  if (!Number.isFinite(size + used + available)) return undefined;
  // With -T there is a column more in front of the sizes.
  const type = at === 5 ? (words[1] ?? '') : '';
  return { source: words[0] ?? '', type, path: words.slice(at + 1).join(' '), size, used, available };
}

/**
 * Parses what `df` printed, with any of -a, -l, -T, -P, -k, -h, -i and -B: its table of sizes and that of inodes, of which one text may
 * have both, below one another. A long source that has a line of its own is joined with the next.
 */
export function parseDf(text: string): DfTable[] {
  const lines = text.split('\n').slice(0, MAX_ROWS);
  const english = lines.some((row) => ENGLISH.test(row));
  const isHead = (row: string) =>
    english ? ENGLISH.test(row) : TRANSLATED.test(row) && /\S+(?:\s+\S+){4}/.test(row);
  const tables = { sizes: [] as DfRow[], inodes: [] as DfRow[] };
  let head: ReturnType<typeof headOf> | undefined;
  let carried = '';
  for (const row of lines) {
    if (isHead(row)) {
      head = headOf(row);
      carried = '';
      continue;
    }
    const words = row.trim().split(/\s+/);
    if (words.length === 1 && words[0] !== '') {
      carried = words[0] ?? '';
      continue;
    }
    const found = rowOf(carried === '' ? words : [carried, ...words], head?.unit ?? 1_024);
    carried = '';
    if (found) tables[head?.inodes ? 'inodes' : 'sizes'].push(found);
  }
  return [
    { inodes: false, rows: tables.sizes },
    { inodes: true, rows: tables.inodes },
  ].filter(({ rows }) => rows.length > 0);
}
