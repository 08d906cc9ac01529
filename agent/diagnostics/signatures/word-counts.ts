/** How common parts of texts are, so that texts are looked for by a part that few lines have. */

import { WORD } from './text-finder.ts';

/** How long a part is by which a text is found at every second place: two words. */
export const WINDOW = WORD + 1;
/** Plain words are in all kinds of lines, which a catalogue of troubles does not tell. */
const PLAIN = /^[a-z ]*$/;
const PLAIN_COST = 12;
const PLACES = 1 << 16;

/** Counts the parts of texts that are much like what will be looked through. */
export class WordCounts {
  /** By a hash: a few that share a place do not matter. */
  readonly #counts = new Uint16Array(PLACES);

  /** Counts a text. */
  add(text: string): void {
    for (let at = 0; at + WORD <= text.length; at++) {
      const place = placeOf(text, at);
      this.#counts[place] = Math.min(PLACES - 1, (this.#counts[place] as number) + 1);
    }
  }

  /**
   * The rarest window of a text: where it begins, and how common it is; infinitely common where the text is too short. To be
   * asked for when all texts were added.
   */
  rarest(text: string): { readonly at: number; readonly cost: number } {
    let found = { at: 0, cost: Number.POSITIVE_INFINITY };
    for (let at = 0; at + WINDOW <= text.length; at++) {
      const both =
        (this.#counts[placeOf(text, at)] as number) + (this.#counts[placeOf(text, at + 1)] as number);
      if (both >= found.cost) continue;
      const cost = both + (PLAIN.test(text.slice(at, at + WINDOW)) ? PLAIN_COST : 0);
      if (cost < found.cost) found = { at, cost };
    }
    return found;
  }
}

function placeOf(text: string, at: number): number {
  let hash = 0;
  for (let one = at; one < at + WORD; one++) hash = Math.imul(hash ^ text.charCodeAt(one), 0x01000193);
  return (hash ^ (hash >>> 16)) & (PLACES - 1);
}
