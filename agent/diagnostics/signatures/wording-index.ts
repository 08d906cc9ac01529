/**
 * Finds the few wordings that a line may have among thousands: by a text that such a line must have, the rarest one of each
 * wording, and then by all the others that it must have. What is left nearly always fits.
 */

import { textsOf } from './template.ts';
import { type SoughtText, TextFinder, WORD } from './text-finder.ts';
import { WINDOW, WordCounts } from './word-counts.ts';

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
  #isIn = false;

  constructor(texts: readonly string[]) {
    this.texts = texts;
    if (texts.length >= MANY && texts.every(({ length }) => length >= WORD))
      this.#finder = new TextFinder(
        texts.map((text) => ({ text, at: 0 })),
        1,
      );
  }

  /** @param number of the line: another one for each */
  isIn({ bytes, view, start, end, text }: LineBytes, number: number): boolean {
    if (this.#line === number) return this.#isIn;
    this.#line = number;
    this.#isIn = this.#finder
      ? this.#finder.find(bytes, view, start, end).length > 0
      : this.texts.some((one) => text.includes(one));
    return this.#isIn;
  }
}

/** What a line must have to have a wording: texts in this order, and one of each choice. */
type Needs = readonly (string | Choice)[];

/** An index of wordings. */
export class WordingIndex {
  /** How many texts are looked for on behalf of wordings: what is found from this index on are marks. */
  readonly size: number;
  readonly #finder: TextFinder;
  readonly #needs: readonly Needs[];
  /** By text: the wordings that are found by it. */
  readonly #byText: readonly (readonly number[])[];
  #line = 0;

  /**
   * @param templates of the wordings
   * @param marks further texts to look for, of five characters or more
   * @throws Error where a template has no text by which it could be found
   */
  constructor(templates: readonly string[], marks: readonly string[] = []) {
    const choices = new Map<readonly string[], Choice>();
    const counts = new WordCounts();
    const choiceOf = (texts: readonly string[]) => {
      const known = choices.get(texts);
      if (known) return known;
      for (const text of texts) counts.add(text);
      const choice = new Choice(texts);
      choices.set(texts, choice);
      return choice;
    };
    this.#needs = templates.map((template) =>
      textsOf(template).map((texts) => {
        const [text = ''] = texts;
        if (texts.length > 1) return choiceOf(texts);
        counts.add(text);
        return text;
      }),
    );
    const byText = new Map<string, number[]>();
    for (const [index, needs] of this.#needs.entries()) {
      const anchors = anchorsOf(needs, counts);
      if (anchors.length === 0)
        throw new Error(
          `"${templates[index]}" has no text of ${WINDOW} characters by which it could be found`,
        );
      for (const text of anchors) {
        const wordings = byText.get(text);
        if (wordings) wordings.push(index);
        else byText.set(text, [index]);
      }
    }
    const sought = (text: string): SoughtText => ({ text, at: counts.rarest(text).at });
    this.#byText = [...byText.values()];
    this.size = this.#byText.length;
    this.#finder = new TextFinder([...byText.keys(), ...marks].map(sought), 2);
  }

  /** What is in bytes[start..end) of texts and marks, in no order. @param view of the same bytes */
  look(bytes: Uint8Array, view: DataView, start: number, end: number): readonly number[] {
    return this.#finder.find(bytes, view, start, end);
  }

  /** The wordings that a line may have, in their order. @param found in it, as look() tells, marks among it */
  candidates(found: readonly number[], line: LineBytes): readonly number[] {
    this.#line++;
    let candidates: number[] | undefined;
    for (const text of found)
      for (const index of this.#byText[text] ?? NONE) {
        if (!mayHave(line, this.#line, this.#needs[index] ?? NONE)) continue;
        candidates ??= [];
        if (!candidates.includes(index)) candidates.push(index);
      }
    return candidates?.sort((a, b) => a - b) ?? NONE;
  }
}

function mayHave(line: LineBytes, number: number, needs: Needs): boolean {
  let at = 0;
  for (const one of needs) {
    if (typeof one !== 'string') {
      if (one.isIn(line, number)) continue;
      return false;
    }
    const found = line.text.indexOf(one, at);
    if (found < 0) return false;
    at = found + one.length;
  }
  return true;
}

/** The texts of which one is in every line that has what is needed, chosen so that few other lines have any. */
function anchorsOf(needs: Needs, counts: WordCounts): readonly string[] {
  let anchors: readonly string[] = NONE;
  let least = Number.POSITIVE_INFINITY;
  for (const one of needs) {
    const texts = typeof one === 'string' ? [one] : one.texts;
    let cost = 0;
    for (const text of texts) cost += counts.rarest(text).cost;
    if (cost >= least) continue;
    least = cost;
    anchors = texts;
  }
  return [...new Set(anchors)];
}
