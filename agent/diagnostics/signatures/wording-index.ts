/**
 * Finds the few wordings that a line may have among thousands: by a text that the shape of such a line must have (line-shape.ts), the
 * rarest one of each wording (wording-plan.ts), and then by all the others that it must have. What is left nearly always fits.
 */

import { mayBeJoined } from './joined-lines.ts';
import { LineShape } from './line-shape.ts';
import { ShapeMemory } from './shape-memory.ts';
import { SHORTEST, TextFinder } from './text-finder.ts';
import { listAt, textAt, type WordingPlan } from './wording-plan.ts';

const NONE: readonly never[] = [];

/** What a line may have. */
export interface Found {
  /** Wordings, in their order. */
  readonly candidates: readonly number[];
  /** Marks that it has, in no order, by their place among all marks. */
  readonly marks: readonly number[];
  /** Whether it may be several lines in one. */
  readonly joined: boolean;
}

/** What most lines have. */
export const NOTHING: Found = { candidates: NONE, marks: NONE, joined: false };

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
   * Whether a shape has one of the texts from a character of it on.
   * @param text of the shape
   * @param number of the line: another one for each
   */
  isIn(shape: LineShape, text: string, number: number, from: number): boolean {
    if (this.#line !== number) {
      this.#line = number;
      this.#there = -1;
      this.#none = Number.POSITIVE_INFINITY;
    }
    if (from <= this.#there) return true;
    if (from >= this.#none) return false;
    const found = this.#find(shape, text, from);
    if (found < 0) this.#none = from;
    else this.#there = found;
    return found >= 0;
  }

  #find({ bytes, view, length }: LineShape, text: string, from: number): number {
    if (this.#finder) return this.#finder.any(bytes, view, from, length);
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
  readonly #size: number;
  readonly #plan: WordingPlan;
  readonly #finder: TextFinder;
  /** By wording and by choice: made when a line first needs them, as most are never. */
  readonly #needs: (Needs | undefined)[] = [];
  readonly #choices: (Choice | undefined)[] = [];
  readonly #shape = new LineShape();
  readonly #known = new ShapeMemory<Found>();
  #line = 0;

  /** @param plan of planOf() or unpackPlan() */
  constructor(plan: WordingPlan) {
    this.#plan = plan;
    this.#size = plan.found.ends.length;
    const { texts, at } = plan;
    this.#finder = new TextFinder(
      Array.from(plan.sought, (text, index) => ({ text: textAt(texts, text), at: at[index] ?? 0 })),
    );
  }

  /** What the line bytes[start..end) may have. */
  look(bytes: Uint8Array, start: number, end: number): Found {
    const shape = this.#shape;
    shape.take(bytes, start, end);
    let found = this.#known.get(shape);
    if (!found) {
      found = this.#find();
      this.#known.set(shape, found);
    }
    return found;
  }

  /** What the shape has that was taken last. */
  #find(): Found {
    const shape = this.#shape;
    const texts = this.#finder.find(shape.bytes, shape.view, 0, shape.length);
    if (texts.length === 0) return NOTHING;
    const marks = texts.filter((text) => text >= this.#size).map((text) => text - this.#size);
    const line = shape.text();
    const candidates = this.#candidates(texts, line);
    return marks.length === 0 && candidates.length === 0
      ? NOTHING
      : { candidates, marks, joined: mayBeJoined(line) };
  }

  /** The wordings that the shape may have. @param found of the texts by which wordings are found, marks among them */
  #candidates(found: readonly number[], line: string): readonly number[] {
    this.#line++;
    const candidates = new Set<number>();
    const { ends, values } = this.#plan.found;
    for (const text of found) {
      const last = ends[text] ?? 0;
      for (let at = text === 0 ? 0 : (ends[text - 1] as number); at < last; at++) {
        const index = values[at] as number;
        if (mayHave(this.#shape, line, this.#line, this.#needsOf(index))) candidates.add(index);
      }
    }
    return candidates.size === 0 ? NONE : [...candidates].sort((a, b) => a - b);
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

function mayHave(shape: LineShape, text: string, number: number, needs: Needs): boolean {
  let at = 0;
  for (const one of needs) {
    if (typeof one !== 'string') {
      if (one.isIn(shape, text, number, at)) continue;
      return false;
    }
    const found = text.indexOf(one, at);
    if (found < 0) return false;
    at = found + one.length;
  }
  return true;
}
