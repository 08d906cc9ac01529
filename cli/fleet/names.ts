/** Lists of node names as people write and read them: "web-[1-3],db-1" and back. */

import { Failure } from '../../proto/failure.ts';

/** A pattern may stand for at most so many names. */
const MAX_NAMES = 10_000;

/** The names that a list such as "web-[01-03,7],db-1" stands for, in its order, each once. Throws BAD_ARGUMENT. */
export function expandNames(list: string): string[] {
  const names = splitOutside(list).flatMap((part) => expandOne(part, list));
  if (names.length > MAX_NAMES) throw tooMany(list);
  return [...new Set(names)];
}

function tooMany(list: string): Failure {
  return new Failure('BAD_ARGUMENT', `"${list.slice(0, 80)}" stands for more than ${MAX_NAMES} nodes`, {
    hint: 'use a label or --all',
  });
}

/** Splits at commas that are not inside brackets. */
function splitOutside(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= list.length; at++) {
    if (list[at] === '[') depth++;
    else if (list[at] === ']') depth--;
    else if (at === list.length || (list[at] === ',' && depth === 0)) {
      parts.push(list.slice(start, at).trim());
      start = at + 1;
    }
  }
  return parts.filter((part) => part !== '');
}

function expandOne(pattern: string, whole: string): string[] {
  const match = /^([^[\]]*)\[([^[\]]*)\](.*)$/.exec(pattern);
  if (!match) {
    if (/[[\]]/.test(pattern)) throw malformed(pattern);
    return [pattern];
  }
  const [, before = '', ranges = '', after = ''] = match;
  const tails = expandOne(after, whole);
  const numbers = ranges.split(',').flatMap((range) => expandRange(range.trim(), pattern, whole));
  if (numbers.length * tails.length > MAX_NAMES) throw tooMany(whole);
  return numbers.flatMap((number) => tails.map((tail) => before + number + tail));
}

/** "07" gives itself, "08-11" gives 08, 09, 10, 11: as many digits as the first has. */
function expandRange(range: string, pattern: string, whole: string): string[] {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(range);
  if (!match) throw malformed(pattern);
  const [, first = '', last = first] = match;
  const [from, to] = [Number(first), Number(last)];
  if (to < from) throw malformed(pattern);
  if (to - from >= MAX_NAMES) throw tooMany(whole);
  return Array.from({ length: to - from + 1 }, (_, index) =>
    String(from + index).padStart(first.length, '0'),
  );
}

function malformed(pattern: string): Failure {
  return new Failure('BAD_ARGUMENT', `"${pattern.slice(0, 80)}" is not a node name or a range of them`, {
    hint: 'write web-1, or web-[1-20], or web-[1-3,7],db-1',
  });
}

/** A part of names around one number. `width` is that of numbers with leading zeros, else 0. */
interface Series {
  before: string;
  after: string;
  width: number;
  numbers: number[];
}

/** Names with runs of numbers folded: web-1, web-2, web-3 become "web-[1-3]". Sorted; the reverse of expandNames. */
export function foldNames(names: readonly string[]): string {
  const series = new Map<string, Series>();
  const plain: string[] = [];
  const numbered = [...new Set(names)].flatMap((name) => {
    const match = /^(.*?)(\d{1,9})(\D*)$/.exec(name);
    if (!match) plain.push(name);
    return match ? [match] : [];
  });
  // 08, 09, 10 are one series: numbers without a leading zero join padded ones of the same width.
  const padded = new Set(
    numbered
      .filter(([, , digits = '']) => digits.length > 1 && digits.startsWith('0'))
      .map(([, before, digits = '', after]) => `${before}\0${after}\0${digits.length}`),
  );
  for (const [, before = '', digits = '', after = ''] of numbered) {
    const width = padded.has(`${before}\0${after}\0${digits.length}`) ? digits.length : 0;
    const key = `${before}\0${after}\0${width}`;
    const one = series.get(key) ?? { before, after, width, numbers: [] };
    one.numbers.push(Number(digits));
    series.set(key, one);
  }
  return [...plain, ...[...series.values()].map(seriesText)].sort().join(',');
}

function seriesText({ before, after, width, numbers }: Series): string {
  const ranges = runsOf(numbers.sort((a, b) => a - b)).map(([from, to]) => {
    const [first, last] = [from, to].map((number) => String(number).padStart(width, '0'));
    return first === last ? first : `${first}-${last}`;
  });
  const [only = ''] = ranges;
  const alone = ranges.length === 1 && !only.includes('-');
  return `${before}${alone ? only : `[${ranges.join(',')}]`}${after}`;
}

function runsOf(sorted: number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const number of sorted) {
    const last = runs.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}

/** Compares names so that web-2 comes before web-10. */
export function compareNames(a: string, b: string): number {
  const [left, right] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [one = '', other = ''] = [left[at], right[at]];
    if (one === other) continue;
    const difference = at % 2 === 1 ? Number(one) - Number(other) : 0;
    return difference || (one < other ? -1 : 1);
  }
  return left.length - right.length;
}
