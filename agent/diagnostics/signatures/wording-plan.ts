/**
 * By which texts wordings are found: what can be worked out of a catalogue before there is a line to look at (plan-wordings.ts). For
 * thousands of wordings that takes longer than looking through a kernel's log, so a build does it (packaging/bundle.ts) and a program
 * unpacks it; in a checkout it is done when it is first needed.
 */

/** Lists of small numbers: the values of all, and where each ends. */
export interface Lists {
  readonly ends: Uint16Array;
  readonly values: Uint16Array;
}

/** Texts one behind the other, and where each ends: as strings of their own thousands of them take three times as much. */
export interface Texts {
  readonly all: string;
  readonly ends: Uint32Array;
}

/** What an index of wordings (wording-index.ts) is made of. A text is named by its place in `texts`. */
export interface WordingPlan {
  readonly texts: Texts;
  /** Texts of which a line must have one, by choice. */
  readonly choices: Lists;
  /** What a line must have, by wording: texts in this order, and, from the number of texts on, choices. */
  readonly needs: Lists;
  /** The texts to look for: first those by which wordings are found, then marks. */
  readonly sought: Uint16Array;
  /** Where the word stands in each of them by which it is found. */
  readonly at: Uint16Array;
  /** The wordings that are found by each of them but the marks. */
  readonly found: Lists;
}

/** Some small numbers. @throws Error where one is too great */
export function small(values: readonly number[]): Uint16Array {
  if (values.some((value) => value > 0xffff))
    throw new Error('a catalogue has more texts than a plan can hold');
  return Uint16Array.from(values);
}

/** Texts that follow each other. @param lengths of each */
export function textsIn(all: string, lengths: Uint16Array): Texts {
  let end = 0;
  return { all, ends: Uint32Array.from(lengths, (length) => (end += length)) };
}

/** One of some texts. */
export function textAt({ all, ends }: Texts, index: number): string {
  return all.slice(index === 0 ? 0 : ends[index - 1], ends[index]);
}

/** One of some lists. */
export function listAt({ ends, values }: Lists, index: number): Uint16Array {
  return values.subarray(index === 0 ? 0 : ends[index - 1], ends[index]);
}

/** A plan as text, for unpackPlan() on a machine of the same byte order: one line of numbers in base64, then the texts. */
export function packPlan({ texts, choices, needs, sought, at, found }: WordingPlan): string {
  const lengths = texts.ends.map((end, index) => end - (texts.ends[index - 1] ?? 0));
  const arrays = [
    small([...lengths]),
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
  return `${Buffer.from(numbers.buffer).toString('base64')}\n${texts.all}`;
}

/** How many arrays packPlan() writes. */
const ARRAYS = 9;

/** What packPlan() has written. */
export function unpackPlan(packed: string): WordingPlan {
  const line = packed.indexOf('\n');
  const numbers = new Uint16Array(Uint8Array.from(Buffer.from(packed.slice(0, line), 'base64')).buffer);
  let end = ARRAYS;
  const next = (index: number) => {
    const begin = end;
    end += numbers[index] as number;
    return numbers.subarray(begin, end);
  };
  return {
    texts: textsIn(packed.slice(line + 1), next(0)),
    choices: { ends: next(1), values: next(2) },
    needs: { ends: next(3), values: next(4) },
    sought: next(5),
    at: next(6),
    found: { ends: next(7), values: next(8) },
  };
}
