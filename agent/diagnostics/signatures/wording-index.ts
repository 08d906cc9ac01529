/**
 * Finds the few wordings that a line may have among thousands: by a text that such a line must have, the rarest one of each
 * wording (wording-plan.ts), and then by all the others that it must have. What is left nearly always fits.
 */

import { SHORTEST, TextFinder } from './text-finder.ts';
import { listAt, textAt, type WordingPlan } from './wording-plan.ts';

const NONE: readonly never[] = [];

/** The bytes of a line: bytes[start..end), and the same as characters of a byte each. */
export interface LineBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** From so many texts on, looking for all of them at once is faster than for one after the other. */
const MANY = 6;

/** Texts of which a line must have one. Many wordings share a choice, so what is known of a line is kept. */
class Choice {
  readonly texts: readonly string[];
  readonly #finder: TextFinder | undefined;
  #line = 0;
  /** A place of the line where one begins, and one behind which none does. */
  #there = -1;
  #none = 0;

  constructor(texts: readonly string[]) {
    this.texts = texts;
    if (texts.length >= MANY && texts.every(({ length }) => length >= SHORTEST))
      this.#finder = new TextFinder(texts.map((text) => ({ text, at: 0 })));
  }

  /**
   * Whether a line has one of the texts from a character of it on.
   * @param number of the line: another one for each
   */
  isIn(line: LineBytes, number: number, from: number): boolean {
    if (this.#line !== number) {
      this.#line = number;
      this.#there = -1;
      this.#none = Number.POSITIVE_INFINITY;
    }
    if (from <= this.#there) return true;
    if (from >= this.#none) return false;
    const found = this.#find(line, from);
    if (found < 0) this.#none = from;
    else this.#there = found;
    return found >= 0;
  }

  #find({ bytes, view, start, end, text }: LineBytes, from: number): number {
    if (this.#finder) return this.#finder.any(bytes, view, start + from, end) - start;
    for (const one of this.texts) {
      const found = text.indexOf(one, from);
      if (found >= 0) return found;
    }
    return -1;
  }
}

/** What a line must have to have a wording: texts in this order, and one of each choice. */
type Needs = readonly (string | Choice)[];

/** An index of wordings. */
export class WordingIndex {
  /** How many texts are looked for on behalf of wordings: what is found from this index on are marks. */
  readonly size: number;
  readonly #plan: WordingPlan;
  readonly #finder: TextFinder;
  /** By wording and by choice: made when a line first needs them, as most are never. */
  readonly #needs: (Needs | undefined)[] = [];
  readonly #choices: (Choice | undefined)[] = [];
  #line = 0;

  /** @param plan of planOf() or unpackPlan() */
  constructor(plan: WordingPlan) {
    this.#plan = plan;
    this.size = plan.found.ends.length;
    const { texts, at } = plan;
    this.#finder = new TextFinder(
      Array.from(plan.sought, (text, index) => ({ text: textAt(texts, text), at: at[index] ?? 0 })),
    );
  }

  /** What is in bytes[start..end) of texts and marks, in no order. @param view of the same bytes */
  look(bytes: Uint8Array, view: DataView, start: number, end: number): readonly number[] {
    return this.#finder.find(bytes, view, start, end);
  }

  /** The wordings that a line may have, in their order. @param found in it, as look() tells, marks among it */
  candidates(found: readonly number[], line: LineBytes): readonly number[] {
    this.#line++;
    let candidates: number[] | undefined;
    const { ends, values } = this.#plan.found;
    for (const text of found) {
      if (text >= this.size) continue;
      const last = ends[text] as number;
      for (let at = text === 0 ? 0 : (ends[text - 1] as number); at < last; at++) {
        const index = values[at] as number;
        if (!mayHave(line, this.#line, this.#needsOf(index))) continue;
        candidates ??= [];
        if (!candidates.includes(index)) candidates.push(index);
      }
    }
    return candidates?.sort((a, b) => a - b) ?? NONE;
  }

  #needsOf(wording: number): Needs {
    let needs = this.#needs[wording];
    if (!needs) {
      const { texts } = this.#plan;
      const count = texts.ends.length;
      needs = Array.from(listAt(this.#plan.needs, wording), (one) =>
        one < count ? textAt(texts, one) : this.#choice(one - count),
      );
      this.#needs[wording] = needs;
    }
    return needs;
  }

  #choice(index: number): Choice {
    let choice = this.#choices[index];
    if (!choice) {
      choice = new Choice(
        Array.from(listAt(this.#plan.choices, index), (one) => textAt(this.#plan.texts, one)),
      );
      this.#choices[index] = choice;
    }
    return choice;
  }
}

function mayHave(line: LineBytes, number: number, needs: Needs): boolean {
  let at = 0;
  for (const one of needs) {
    if (typeof one !== 'string') {
      if (one.isIn(line, number, at)) continue;
      return false;
    }
    const found = line.text.indexOf(one, at);
    if (found < 0) return false;
    at = found + one.length;
  }
  return true;
}
