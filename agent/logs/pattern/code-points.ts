/**
 * Sets of Unicode code points as flat, sorted lists of ranges `[low, high, low, high, ...]`, with what a pattern needs
 * of them: union, complement, closure under case folding, and the classes of ECMAScript (\d, \w, \s, \p{...}).
 */

/** Sorted, disjoint, not adjacent ranges, flat. */
export type CodePoints = readonly number[];

/** The last code point. */
export const LAST = 0x10ffff;

/** Makes a set of ranges in any order, overlapping or not. */
export function fromRanges(ranges: readonly (readonly [number, number])[]): CodePoints {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [low, high] of sorted) {
    const end = out.at(-1);
    if (end !== undefined && low <= end + 1) {
      if (high > end) out[out.length - 1] = high;
    } else {
      out.push(low, high);
    }
  }
  return out;
}

/** The ranges as pairs. */
export function* rangesOf(set: CodePoints): Generator<[number, number]> {
  for (let i = 0; i < set.length; i += 2) yield [set[i] ?? 0, set[i + 1] ?? 0];
}

/** What is in any of the sets. */
export function union(...sets: readonly CodePoints[]): CodePoints {
  return fromRanges(sets.flatMap((set) => [...rangesOf(set)]));
}

/** What is not in the set. */
export function complement(set: CodePoints): CodePoints {
  const out: number[] = [];
  let next = 0;
  for (const [low, high] of rangesOf(set)) {
    if (low > next) out.push(next, low - 1);
    next = high + 1;
  }
  if (next <= LAST) out.push(next, LAST);
  return out;
}

/** Whether the set holds the code point. */
export function has(set: CodePoints, point: number): boolean {
  for (const [low, high] of rangesOf(set)) if (point <= high) return point >= low;
  return false;
}

/** \d */
export const DIGITS: CodePoints = [0x30, 0x39];
/** \w without the ignore-case flag. */
export const WORD: CodePoints = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** \s: WhiteSpace and LineTerminator of ECMA-262. */
export const SPACE: CodePoints = fromRanges([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);
/** What `.` does not match: LineTerminator of ECMA-262. */
export const LINE_ENDS: CodePoints = [0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029];

/** The set of \p{NAME}, or undefined where this JavaScript engine does not know the property. */
export function property(name: string): CodePoints | undefined {
  let test: RegExp;
  try {
    test = new RegExp(`^\\p{${name}}$`, 'u');
  } catch {
    return undefined;
  }
  const out: number[] = [];
  for (let point = 0; point <= LAST; point++) {
    if (point === 0xd800) point = 0xe000;
    if (!test.test(String.fromCodePoint(point))) continue;
    if (out.at(-1) === point - 1) out[out.length - 1] = point;
    else out.push(point, point);
  }
  return out;
}

let foldGroups: number[][] | undefined;

/** Groups of code points that are the same but for case, by simple case folding. Made when first needed (about 20 ms). */
function groups(): number[][] {
  if (foldGroups !== undefined) return foldGroups;
  const byFold = new Map<number, number[]>();
  const single = (text: string, otherwise: number): number => {
    const point = text.codePointAt(0) ?? otherwise;
    return String.fromCodePoint(point) === text ? point : otherwise;
  };
  for (let point = 0; point < 0x1f000; point++) {
    if (point === 0xd800) point = 0xe000;
    const upper = single(String.fromCodePoint(point).toUpperCase(), point);
    const folded = single(String.fromCodePoint(upper).toLowerCase(), upper);
    if (folded === point) continue;
    // Upper and lower case say more than folding does (dotless i): the engine's own comparison decides.
    if (!new RegExp(`^\\u{${point.toString(16)}}$`, 'iu').test(String.fromCodePoint(folded))) continue;
    const group = byFold.get(folded);
    if (group === undefined) byFold.set(folded, [folded, point]);
    else group.push(point);
  }
  foldGroups = [...byFold.values()];
  return foldGroups;
}

const LONG_S = 0x17f;
const KELVIN = 0x212a;

/** Adds to the set what differs from its members only in case. */
export function ignoreCase(set: CodePoints): CodePoints {
  const added: [number, number][] = [...rangesOf(set)];
  if ((set.at(-1) ?? 0) < 0x80) {
    // ASCII needs no table: the letters' other case, and the two letters from outside that fold into it.
    for (const [low, high] of rangesOf(set)) {
      for (let point = low; point <= high; point++) {
        const lower = point | 0x20;
        if (lower < 0x61 || lower > 0x7a || point < 0x41) continue;
        added.push([point ^ 0x20, point ^ 0x20]);
        if (lower === 0x73) added.push([LONG_S, LONG_S]);
        if (lower === 0x6b) added.push([KELVIN, KELVIN]);
      }
    }
    return fromRanges(added);
  }
  for (const group of groups()) {
    if (group.some((point) => has(set, point))) for (const point of group) added.push([point, point]);
  }
  return fromRanges(added);
}
