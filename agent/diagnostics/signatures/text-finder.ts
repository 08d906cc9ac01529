/**
 * Looks for thousands of texts in bytes at once. What is looked at is one word of four bytes: a bit tells whether any text has
 * it at the place by which it is found, and nearly always says no. A text of five bytes and more has one word that begins at an
 * even place and one that begins at an odd place, so it is enough to look at every second. So bytes without a text cost half
 * a look-up each, whatever the number of texts; nothing is made of them.
 */

/** Bytes of a word: no shorter text can be looked for. */
export const WORD = 4;
/** Spreads words over places: 2^32 divided by the golden ratio (Knuth, The Art of Computer Programming, 6.4). */
const SPREAD = 0x9e3779b1;
/** So many bits for each word: one in 32 of the words that no text has is looked for in vain. */
const BITS_A_WORD = 32;
/** So many places of the table for each word, so that few meet. */
const PLACES_A_WORD = 4;

/** The four bytes of a text from a place on, as DataView.getInt32 reads them. */
function wordOf(text: string, at: number): number {
  return (
    text.charCodeAt(at) |
    (text.charCodeAt(at + 1) << 8) |
    (text.charCodeAt(at + 2) << 16) |
    (text.charCodeAt(at + 3) << 24)
  );
}

/** A text to look for. */
export interface SoughtText {
  readonly text: string;
  /** Where the words begin by which it is found. */
  readonly at: number;
}

const NONE: readonly number[] = [];

/** Texts that are looked for together. */
export class TextFinder {
  readonly #bits: Int32Array;
  readonly #bitShift: number;
  /** The words, each at its place or at the next free one behind it, and the first entry of each (0: none). */
  readonly #words: Int32Array;
  readonly #first: Int32Array;
  readonly #placeShift: number;
  /** Entries: a text, where the word stands in it, and the next entry of the same word. */
  readonly #text: Int32Array;
  readonly #offset: Int32Array;
  readonly #next: Int32Array;
  /** The bytes of all texts one behind the other, and where each begins. */
  readonly #bytes: Buffer;
  readonly #begins: Int32Array;
  /** The search in which a text was found last, so that each is told once. */
  readonly #seen: Uint32Array;
  #search = 0;
  readonly #stride: number;

  /**
   * @param texts in ASCII, each with a word from `at` on
   * @param stride looks at every so manieth place: 2 if each text has one character more than that, else 1
   */
  constructor(texts: readonly SoughtText[], stride: 1 | 2) {
    this.#stride = stride;
    const entries = stride * texts.length + 1;
    const bits = Math.ceil(Math.log2(entries * BITS_A_WORD));
    const places = Math.ceil(Math.log2(entries * PLACES_A_WORD));
    this.#bitShift = 32 - bits;
    this.#placeShift = 32 - places;
    this.#bits = new Int32Array(1 << (bits - 5));
    this.#words = new Int32Array(1 << places);
    this.#first = new Int32Array(1 << places);
    this.#text = new Int32Array(entries);
    this.#offset = new Int32Array(entries);
    this.#next = new Int32Array(entries);
    this.#bytes = Buffer.from(texts.map(({ text }) => text).join(''), 'latin1');
    this.#begins = new Int32Array(texts.length + 1);
    this.#seen = new Uint32Array(texts.length);
    let entry = 1;
    for (const [index, { text, at }] of texts.entries()) {
      this.#begins[index + 1] = (this.#begins[index] as number) + text.length;
      for (let offset = at; offset < at + stride; offset++)
        this.#enter(entry++, index, offset, wordOf(text, offset));
    }
  }

  #enter(entry: number, text: number, offset: number, word: number): void {
    const bit = Math.imul(word, SPREAD) >>> this.#bitShift;
    this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] as number) | (1 << bit);
    const place = this.#place(word);
    this.#words[place] = word;
    this.#text[entry] = text;
    this.#offset[entry] = offset;
    this.#next[entry] = this.#first[place] as number;
    this.#first[place] = entry;
  }

  /** Where a word stands in the table, or would. */
  #place(word: number): number {
    const first = this.#first;
    const words = this.#words;
    let place = Math.imul(word, SPREAD) >>> this.#placeShift;
    while (first[place] !== 0 && words[place] !== word) place = (place + 1) & (first.length - 1);
    return place;
  }

  /**
   * The texts in bytes[start..end), by index, each once and in no order.
   * @param view of the same bytes
   */
  find(bytes: Uint8Array, view: DataView, start: number, end: number): readonly number[] {
    const bits = this.#bits;
    const shift = this.#bitShift;
    const stride = this.#stride;
    const last = end - WORD;
    let found: number[] | undefined;
    for (let at = start; at <= last; at += stride) {
      const word = view.getInt32(at, true);
      const bit = Math.imul(word, SPREAD) >>> shift;
      if (((bits[bit >>> 5] as number) & (1 << bit)) === 0) continue;
      let entry = this.#first[this.#place(word)] as number;
      for (; entry !== 0; entry = this.#next[entry] as number) {
        const text = this.#text[entry] as number;
        if (!this.#isAt(text, bytes, start, at - (this.#offset[entry] as number), end)) continue;
        if (!found) {
          found = [];
          this.#begin();
        }
        if (this.#seen[text] === this.#search) continue;
        this.#seen[text] = this.#search;
        found.push(text);
      }
    }
    return found ?? NONE;
  }

  #begin(): void {
    if (this.#search === 0xffff_ffff) {
      this.#seen.fill(0);
      this.#search = 0;
    }
    this.#search++;
  }

  /** Whether a text stands at a place. */
  #isAt(text: number, bytes: Uint8Array, start: number, from: number, end: number): boolean {
    const begins = this.#begins[text] as number;
    const length = (this.#begins[text + 1] as number) - begins;
    if (from < start || from + length > end) return false;
    const own = this.#bytes;
    for (let one = 0; one < length; one++) if (bytes[from + one] !== own[begins + one]) return false;
    return true;
  }
}
