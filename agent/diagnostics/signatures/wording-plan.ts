/**
 * By which texts wordings are found: what can be worked out of a catalogue before there is a line to look at. For thousands of
 * wordings that takes longer than looking through a kernel's log, so a build does it (packaging/bundle.ts) and a program unpacks
 * it; in a checkout it is done when it is first needed.
 */

import { textsOf } from './template.ts';
import { WINDOW, WordCounts } from './word-counts.ts';

/** Lists of small numbers: the values of all, and where each ends. */
export interface Lists {
  readonly ends: Uint16Array;
  readonly values: Uint16Array;
}

/** What an index of wordings (wording-index.ts) is made of. A text is named by its place in `texts`. */
export interface WordingPlan {
  readonly texts: readonly string[];
  /** Texts of which a line must have one, by choice. */
  readonly choices: Lists;
  /** What a line must have, by wording: texts in this order, and, from texts.length on, choices. */
  readonly needs: Lists;
  /** The texts to look for: first those by which wordings are found, then marks. */
  readonly sought: Uint16Array;
  /** Where the word stands in each of them by which it is found. */
  readonly at: Uint16Array;
  /** The wordings that are found by each of them but the marks. */
  readonly found: Lists;
}

/**
 * Works a plan out: wordings are looked for by the text that the fewest lines have, of all that such a line must have.
 * @param templates of the wordings
 * @param marks further texts to look for, of five characters or more
 * @throws Error where a template has no text by which it could be found
 */
export function planOf(templates: readonly string[], marks: readonly string[]): WordingPlan {
  const counts = new WordCounts();
  const texts = new Map<string, number>();
  const choices = new Map<readonly string[], number>();
  const textId = (text: string) => idOf(texts, text);
  const all = templates.map(textsOf);
  for (const needs of all)
    for (const one of needs) {
      const [text = ''] = one;
      if (one.length === 1) counts.add(text);
      else if (!choices.has(one)) {
        idOf(choices, one);
        for (const part of one) counts.add(part);
      }
    }
  const found = new Map<string, number[]>();
  for (const [index, needs] of all.entries()) {
    const anchors = anchorsOf(needs, counts);
    if (anchors.length === 0)
      throw new Error(`"${templates[index]}" has no text of ${WINDOW} characters by which it could be found`);
    for (const text of anchors) {
      const wordings = found.get(text);
      if (wordings) wordings.push(index);
      else found.set(text, [index]);
    }
  }
  const sought = [...found.keys(), ...marks];
  const parts = {
    sought: sought.map(textId),
    at: sought.map((text) => counts.rarest(text).at),
    choices: [...choices.keys()].map((one) => one.map(textId)),
    texts: all.map((needs) => needs.map((one) => (one.length === 1 ? textId(one[0] ?? '') : one))),
  };
  // All texts are known by now: choices are counted on from there.
  const needs = parts.texts.map((one) =>
    one.map((part) => (typeof part === 'number' ? part : texts.size + idOf(choices, part))),
  );
  return {
    texts: [...texts.keys()],
    choices: listsOf(parts.choices),
    needs: listsOf(needs),
    sought: small(parts.sought),
    at: small(parts.at),
    found: listsOf([...found.values()]),
  };
}

/** The number that something has in the order in which it was first asked for. */
function idOf<T>(ids: Map<T, number>, one: T): number {
  const known = ids.get(one) ?? ids.size;
  ids.set(one, known);
  return known;
}

/** The texts of which one is in every line that has what is needed, chosen so that few other lines have any. */
function anchorsOf(needs: readonly (readonly string[])[], counts: WordCounts): readonly string[] {
  let anchors: readonly string[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const texts of needs) {
    let cost = 0;
    for (const text of texts) cost += counts.rarest(text).cost;
    if (cost >= least) continue;
    least = cost;
    anchors = texts;
  }
  return [...new Set(anchors)];
}

function small(values: readonly number[]): Uint16Array {
  if (values.some((value) => value > 0xffff))
    throw new Error('a catalogue has more texts than a plan can hold');
  return Uint16Array.from(values);
}

function listsOf(lists: readonly (readonly number[])[]): Lists {
  let end = 0;
  return { ends: small(lists.map(({ length }) => (end += length))), values: small(lists.flat()) };
}

/** One of some lists. */
export function listAt({ ends, values }: Lists, index: number): Uint16Array {
  return values.subarray(index === 0 ? 0 : ends[index - 1], ends[index]);
}

/** A plan as text, for unpackPlan() on a machine of the same byte order: one line of numbers in base64, then a line a text. */
export function packPlan({ texts, choices, needs, sought, at, found }: WordingPlan): string {
  const arrays = [
    choices.ends,
    choices.values,
    needs.ends,
    needs.values,
    sought,
    at,
    found.ends,
    found.values,
  ];
  const numbers = small([...arrays.map(({ length }) => length), ...arrays.flatMap((one) => [...one])]);
  return [Buffer.from(numbers.buffer).toString('base64'), ...texts].join('\n');
}

/** How many arrays packPlan() writes. */
const ARRAYS = 8;

/** What packPlan() has written. */
export function unpackPlan(packed: string): WordingPlan {
  const [encoded = '', ...texts] = packed.split('\n');
  const numbers = new Uint16Array(Uint8Array.from(Buffer.from(encoded, 'base64')).buffer);
  let end = ARRAYS;
  const next = (index: number) => {
    const begin = end;
    end += numbers[index] as number;
    return numbers.subarray(begin, end);
  };
  return {
    texts,
    choices: { ends: next(0), values: next(1) },
    needs: { ends: next(2), values: next(3) },
    sought: next(4),
    at: next(5),
    found: { ends: next(6), values: next(7) },
  };
}
