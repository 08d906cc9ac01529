/**
 * Remembers what was found in shapes of lines, so that a line of the same shape is not looked through again. Its size is fixed: when it
 * is full it forgets all, and of two shapes that share a place it knows the last.
 */

import { type LineShape, wordsIn } from './line-shape.ts';

/** How many places it has. */
const PLACES_BITS = 13;
/** Words of four bytes of all shapes together. */
const ROOM = 1 << 17;
/** Longer shapes, in bytes, are not worth it: what is so long hardly comes again. */
const LONGEST = 512;
/** Spreads hashes over places: 2^32 divided by the golden ratio (Knuth, The Art of Computer Programming, 6.4). */
const SPREAD = 0x9e3779b1;

/** What is known of shapes. */
export class ShapeMemory<Known> {
  /** By place: the hash of its shape, how many bytes it has, where its words begin, and what is known of it. */
  readonly #hashes = new Int32Array(1 << PLACES_BITS);
  readonly #lengths = new Uint16Array(1 << PLACES_BITS);
  readonly #begins = new Uint32Array(1 << PLACES_BITS);
  readonly #known: (Known | undefined)[] = new Array(1 << PLACES_BITS).fill(undefined);
  readonly #words = new Int32Array(ROOM);
  #end = 0;

  /** What is known of a shape. */
  get({ words, length, hash }: LineShape): Known | undefined {
    const place = placeOf(hash);
    if (this.#hashes[place] !== hash || this.#lengths[place] !== length) return undefined;
    const own = this.#words;
    const begin = this.#begins[place] as number;
    const count = wordsIn(length);
    for (let at = 0; at < count; at++) if (own[begin + at] !== words[at]) return undefined;
    return this.#known[place];
  }

  /** Keeps what is known of a shape, unless that is too long. */
  set({ words, length, hash }: LineShape, known: Known): void {
    if (length > LONGEST) return;
    const count = wordsIn(length);
    if (this.#end + count > ROOM) {
      this.#known.fill(undefined);
      this.#end = 0;
    }
    const place = placeOf(hash);
    this.#hashes[place] = hash;
    this.#lengths[place] = length;
    this.#begins[place] = this.#end;
    this.#known[place] = known;
    this.#words.set(words.subarray(0, count), this.#end);
    this.#end += count;
  }
}

function placeOf(hash: number): number {
  return Math.imul(hash, SPREAD) >>> (32 - PLACES_BITS);
}
