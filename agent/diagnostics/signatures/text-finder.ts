/**
 * Looks for thousands of texts in bytes at once. What is looked at is one word of up to four bytes: a bit tells whether any text
 * has it at the place by which it is found, and nearly always says no. A text that is longer than a word has one that begins at an
 * even place and one that begins at an odd place, so it is enough to look at every second. So bytes without a text cost half
 * a look-up each, whatever the number of texts; nothing is made of them.
 */

/** Bytes of a word, at most: of texts all of which are longer. */
export const WORD = 4;
/** No shorter text can be looked for: its words have two bytes. */
export const SHORTEST = 3;
/** Spreads words over places: 2^32 divided by the golden ratio (Knuth, The Art of Computer Programming, 6.4). */
const SPREAD = 0x9e3779b1;
/**
 * At most so many bits for each word, at least half of them: one in 16 to 32 of the words that no text has is looked for in vain.
 * For ten thousand texts that is as much as a processor's nearest cache holds.
 */
const BITS_A_WORD = 32;

/** The bytes of a text from a place on, as DataView.getInt32 reads them. */
function wordOf(text: string, at: number, bytes: number): number {
  let word = 0;
  for (let one = 0; one < bytes; one++) word |= text.charCodeAt(at + one) << (8 * one);
  return word;
}

/** A text to look for. */
export interface SoughtText {
  readonly text: string;
  /** Where the first of the two words begins by which it is found. */
  readonly at: number;
}

const NONE: readonly number[] = [];

/** Texts that are looked for together. */
export class TextFinder {
  /** How many bytes words have, and which bits of four bytes these are. */
  readonly #size: number;
  readonly #mask: number;
  readonly #bits: Int32Array;
  readonly #bitShift: number;
  /** Where the entries begin whose words have the same first bits, spread; one more for the end. */
  readonly #begins: Uint16Array;
  readonly #beginShift: number;
  /** Entries: a word, the text and the place in it where the word stands. */
  readonly #words: Int32Array;
  readonly #text: Uint16Array;
  readonly #offset: Uint16Array;
  /** The bytes of all texts one behind the other, and where each ends. */
  readonly #bytes: Buffer;
  readonly #ends: Uint32Array;
  /** The search in which a text was found last, so that each is told once. */
  readonly #seen: Uint32Array;
  #search = 0;

  /** @param texts in ASCII, fewer than 32,768, of three characters or more, each longer than a word from its `at` on */
  constructor(texts: readonly SoughtText[]) {
    this.#size = texts.reduce((least, { text, at }) => Math.min(least, text.length - at - 1), WORD);
    this.#mask = this.#size === WORD ? -1 : (1 << (8 * this.#size)) - 1;
    const count = 2 * texts.length;
    const bits = Math.max(5, Math.floor(Math.log2(count * BITS_A_WORD)));
    const begins = Math.max(1, Math.floor(Math.log2(count)));
    this.#bitShift = 32 - bits;
    this.#beginShift = 32 - begins;
    this.#bits = new Int32Array(1 << (bits - 5));
    this.#begins = new Uint16Array((1 << begins) + 1);
    this.#words = new Int32Array(count);
    this.#text = new Uint16Array(count);
    this.#offset = new Uint16Array(count);
    this.#bytes = Buffer.from(texts.map(({ text }) => text).join(''), 'latin1');
    let end = 0;
    this.#ends = Uint32Array.from(texts, ({ text }) => (end += text.length));
    this.#seen = new Uint32Array(texts.length);
    this.#enter(texts);
  }

  /** Sorts the texts' words by their first bits, spread. */
  #enter(texts: readonly SoughtText[]): void {
    const begins = this.#begins;
    const places = (each: (word: number, place: number, text: number, offset: number) => void) => {
      for (const [index, { text, at }] of texts.entries())
        for (let offset = at; offset <= at + 1; offset++) {
          const word = wordOf(text, offset, this.#size);
          each(word, Math.imul(word, SPREAD) >>> this.#beginShift, index, offset);
        }
    };
    places((_, place) => {
      begins[place] = (begins[place] as number) + 1;
    });
    for (let place = 1; place < begins.length; place++)
      begins[place] = (begins[place] as number) + (begins[place - 1] as number);
    // Each is where its entries end by now, and goes back to where they begin.
    places((word, place, text, offset) => {
      const entry = (begins[place] as number) - 1;
      begins[place] = entry;
      this.#words[entry] = word;
      this.#text[entry] = text;
      this.#offset[entry] = offset;
      const bit = Math.imul(word, SPREAD) >>> this.#bitShift;
      this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] as number) | (1 << bit);
    });
  }

  /**
   * The texts in bytes[start..end), by index, each once and in no order.
   * @param view of the same bytes
   */
  find(bytes: Uint8Array, view: DataView, start: number, end: number): readonly number[] {
    let found: number[] | undefined;
    for (let at = this.#next(view, start, end); at >= 0; at = this.#next(view, at + 2, end)) {
      const word = this.#wordAt(view, at);
      const place = Math.imul(word, SPREAD) >>> this.#beginShift;
      const last = this.#begins[place + 1] as number;
      for (let entry = this.#begins[place] as number; entry < last; entry++) {
        if (this.#words[entry] !== word || !this.#isAt(entry, bytes, at, start, end)) continue;
        if (!found) {
          found = [];
          this.#begin();
        }
        const text = this.#text[entry] as number;
        if (this.#seen[text] === this.#search) continue;
        this.#seen[text] = this.#search;
        found.push(text);
      }
    }
    return found ?? NONE;
  }

  /** Where one of the texts begins in bytes[start..end); -1 where there is none. @param view of the same bytes */
  any(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    for (let at = this.#next(view, start, end); at >= 0; at = this.#next(view, at + 2, end)) {
      const word = this.#wordAt(view, at);
      const place = Math.imul(word, SPREAD) >>> this.#beginShift;
      const last = this.#begins[place + 1] as number;
      for (let entry = this.#begins[place] as number; entry < last; entry++)
        if (this.#words[entry] === word && this.#isAt(entry, bytes, at, start, end))
          return at - (this.#offset[entry] as number);
    }
    return -1;
  }

  /** The next place, by twos, at which a word stands that a text may have; -1 where there is none. */
  #next(view: DataView, start: number, end: number): number {
    const bits = this.#bits;
    const shift = this.#bitShift;
    const mask = this.#mask;
    const last = end - this.#size;
    const whole = Math.min(last, view.byteLength - WORD);
    let at = start;
    for (; at <= whole; at += 2) {
      const bit = Math.imul(view.getInt32(at, true) & mask, SPREAD) >>> shift;
      if (((bits[bit >>> 5] as number) & (1 << bit)) !== 0) return at;
    }
    return at <= last ? at : -1;
  }

  #wordAt(view: DataView, at: number): number {
    if (at <= view.byteLength - WORD) return view.getInt32(at, true) & this.#mask;
    let word = 0;
    for (let one = 0; one < this.#size; one++) word |= view.getUint8(at + one) << (8 * one);
    return word;
  }

  #begin(): void {
    if (this.#search === 0xffff_ffff) {
      this.#seen.fill(0);
      this.#search = 0;
    }
    this.#search++;
  }

  /** Whether the text of an entry stands where its word stands at a place. */
  #isAt(entry: number, bytes: Uint8Array, at: number, start: number, end: number): boolean {
    const text = this.#text[entry] as number;
    const begins = text === 0 ? 0 : (this.#ends[text - 1] as number);
    const length = (this.#ends[text] as number) - begins;
    const from = at - (this.#offset[entry] as number);
    if (from < start || from + length > end) return false;
    const own = this.#bytes;
    for (let one = length - 1; one >= 0; one--) if (bytes[from + one] !== own[begins + one]) return false;
    return true;
  }
}
