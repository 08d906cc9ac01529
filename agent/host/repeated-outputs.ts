/**
 * What becomes of an output whose command stands in a text before: people paste a tool twice to show what grew or what they changed, and
 * one tool's lines in pieces (`ethtool -S eth0 | grep drop`, then `| grep err`).
 */

const MAX_LINES = 20_000;

/** An output of a command that stood in the same text before. */
export interface Repeat {
  /** The later output; with the earlier one before it where they are pieces of one. */
  readonly text: string;
  /** Whether the earlier output is left out for the later. */
  readonly replaced: boolean;
  /** Whether no counter of the later one is below that of the earlier: then it is of the same thing, later. */
  readonly grown: boolean;
}

/** Holds an output against the earlier one of the same command in the same text. */
export function repeatOf(earlier: string, later: string): Repeat {
  const [before, after] = [counted(earlier), counted(later)];
  const shared = [...after.keys()].filter((line) => before.has(line));
  // The heading of a table or of a format stands above whatever is below it.
  const heads = firstOf(before) === firstOf(after) && Math.min(before.size, after.size) > 1 ? 1 : 0;
  const pieces = (shared.length - heads) * 2 < Math.min(before.size, after.size) - heads;
  if (pieces) return { text: `${earlier}${later}`, replaced: false, grown: false };
  const pairs = shared.flatMap((line) => {
    const [from, to] = [before.get(line), after.get(line)];
    return from === undefined || to === undefined ? [] : [[from, to] as const];
  });
  return {
    text: later,
    replaced: earlier.trim() !== later.trim(),
    grown: pairs.length > 0 && pairs.every(([from, to]) => to >= from),
  };
}

/** A row of `df`: how much is used, and where that is mounted. */
const USED = /\s(\d{1,3}%|-)\s+(\/.*?)\s*$/;
/** What stands above such rows, in any language; and above those that count inodes. */
const HEADING = /%(?!.*\d)|^Filesystem\s/;
const OF_INODES = /\bI(?:Used|nodes?)\b|Inœuds|Iノード|(?:^|\s)(?:I\p{L}[^\s%]{0,20}\.?|NUso)%|\(I\)%/u;

/**
 * Holds tables of `df` against earlier ones: `df -h /var`, `df -i /var` and `df -h /srv` ask different things, so all are kept, below one
 * another, and a later row counts for an earlier one of the same file system.
 */
export function tablesOf(earlier: string, later: string): Repeat {
  const [before, after] = [uses(earlier), uses(later)];
  const replaced = [...after].some(([of, used]) => before.has(of) && before.get(of) !== used);
  return { text: `${earlier}${later}`, replaced, grown: false };
}

/** How much is used by what it is of. */
function uses(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let inodes = false;
  for (const line of text.split('\n', MAX_LINES)) {
    const [, used, path] = USED.exec(line) ?? [];
    if (used !== undefined) found.set(`${inodes} ${path}`, used);
    else if (HEADING.test(line)) inodes = OF_INODES.test(line);
  }
  return found;
}

function firstOf(lines: ReadonlyMap<string, unknown>): string | undefined {
  return lines.keys().next().value;
}

/** Lines without their numbers, each with its number where it has one alone. */
function counted(text: string): Map<string, number | undefined> {
  return new Map(
    text.split('\n', MAX_LINES).flatMap((line): [string, number | undefined][] => {
      const value = /[:=\s](\d{1,15})\s*$/.exec(line)?.[1];
      // Sizes change their units and columns their widths; a number in a name tells a device or a folder from another.
      const words = line
        .trim()
        .replaceAll(/(?<![a-z_/\d]|[a-z]-)\d+(?:[.,]\d+)*(?:[kmgtp]i?b?\b)?%?/gi, '#')
        .replaceAll(/\s+/g, ' ');
      // Rules, fences and rows of numbers are in all kinds of outputs.
      return /[a-z]{2}/i.test(words) ? [[words, value === undefined ? undefined : Number(value)]] : [];
    }),
  );
}
