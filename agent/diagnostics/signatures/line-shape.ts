/**
 * The shape of a line: the line with a "0" in place of each of its numbers, since these are what lines of one format string differ in.
 * Wordings are looked for in shapes (wording-index.ts), so lines of one shape may have the same wordings, and shapes are few: a kernel
 * has some ten thousand format strings, and a log of a million lines is made of a few hundred.
 *
 * A number is a word (letters, digits and "_") that begins with a digit and goes on with hexadecimal ones, or with "0x" and these:
 * "12", "00", "1f", "0xdead". So "ext4", "82599eb_x" and "dead" are no numbers, and stay.
 */

const OTHER = 0;
const HEX_LETTER = 1;
const DIGIT = 2;
/** Letters above "f", capital ones and "_". */
const LETTER = 3;

const KINDS = new Uint8Array(256);
for (const letter of 'ghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_') KINDS[letter.charCodeAt(0)] = LETTER;
for (const letter of 'abcdef') KINDS[letter.charCodeAt(0)] = HEX_LETTER;
for (const digit of '0123456789') KINDS[digit.charCodeAt(0)] = DIGIT;

const ZERO = 48;
const X = 120;
const OPENING_BRACKET = 91;
const CLOSING_BRACKET = 93;
const SPACE = 32;
const POINT = 46;
/** FNV-1a, of four bytes at once: begins with the one, multiplies by the other. */
const BASIS = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
/** Room for nearly all lines; for a longer one more is made. */
const ROOM = 4_096;
/** Words of four bytes, so that the last may go beyond the end. */
const WORD = 4;

/** The shape of the line that was taken last. */
export class LineShape {
  bytes = new Uint8Array(ROOM);
  view = new DataView(this.bytes.buffer);
  length = 0;
  /** The same in words of four bytes, of which the last is filled up with zeros. */
  words = new Int32Array(this.bytes.buffer);
  /** The same for equal shapes. */
  hash = 0;

  /** Takes the line bytes[start..end). The kernel's time before a message is left out. */
  take(bytes: Uint8Array, start: number, end: number): void {
    if (end - start + WORD > this.bytes.length) this.#grow(end - start + WORD);
    const shape = this.bytes;
    let at = bytes[start] === OPENING_BRACKET ? behindTime(bytes, start, end) : start;
    let length = 0;
    let before = OTHER;
    for (; at < end; at++) {
      const one = bytes[at] as number;
      const kind = KINDS[one] as number;
      if (kind === DIGIT && before === OTHER) {
        const behind = numberEnd(bytes, at, end);
        if (behind > 0) {
          shape[length++] = ZERO;
          at = behind - 1;
          continue;
        }
      }
      before = kind;
      shape[length++] = one;
    }
    this.length = length;
    this.#finish();
  }

  #finish(): void {
    this.bytes.fill(0, this.length, this.length + WORD);
    const { words } = this;
    const count = wordsIn(this.length);
    let hash = BASIS ^ this.length;
    for (let at = 0; at < count; at++) hash = Math.imul(hash ^ (words[at] as number), PRIME);
    this.hash = hash ^ (hash >>> 15);
  }

  #grow(least: number): void {
    this.bytes = new Uint8Array(2 ** Math.ceil(Math.log2(least)));
    this.view = new DataView(this.bytes.buffer);
    this.words = new Int32Array(this.bytes.buffer);
  }

  /** The shape, a character a byte. */
  text(): string {
    return Buffer.from(this.bytes.buffer, 0, this.length).toString('latin1');
  }
}

/** How many words so many bytes are. */
export function wordsIn(bytes: number): number {
  return (bytes + WORD - 1) >>> 2;
}

/** Where a number that would begin at a word's beginning ends; -1 where the word is none. */
function numberEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1;
  if (bytes[start] === ZERO && at < end && bytes[at] === X) at++;
  let kind = OTHER;
  while (at < end) {
    kind = KINDS[bytes[at] as number] as number;
    if (kind !== DIGIT && kind !== HEX_LETTER) break;
    at++;
  }
  return at < end && kind === LETTER ? -1 : at;
}

/** Where a line goes on behind "[   12.345678]"; where it begins, if it does not begin so. */
function behindTime(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1;
  while (at < end && bytes[at] === SPACE) at++;
  const seconds = at;
  while (at < end && KINDS[bytes[at] as number] === DIGIT) at++;
  if (at === seconds || bytes[at] !== POINT) return start;
  const fraction = ++at;
  while (at < end && KINDS[bytes[at] as number] === DIGIT) at++;
  return at > fraction && bytes[at] === CLOSING_BRACKET ? at + 1 : start;
}

const LAST_WORD = /[0-9A-Za-z_]+$/;
const FIRST_WORD = /^[0-9A-Za-z_]+/;
const WORDS = /[0-9A-Za-z_]+/g;
const NUMBER = /^(?:0x|\d)[0-9a-f]*$/;
/** What may be the rest of a number. */
const NUMBER_REST = /^x?[0-9a-f]*$/;

/**
 * What the shape of a line has where the line has a text: the text's shape, without what may be a part of a number at its ends.
 * @param behindDigits whether a digit may stand before the text, without anything between
 */
export function shapeOfPart(text: string, behindDigits: boolean): string {
  if (!behindDigits && !/\d/.test(text)) return text;
  const first = FIRST_WORD.exec(text)?.[0] ?? '';
  const cutFirst = NUMBER.test(first) || (behindDigits && NUMBER_REST.test(first));
  const rest = cutFirst ? text.slice(first.length) : text;
  const last = LAST_WORD.exec(rest)?.[0] ?? '';
  const whole = NUMBER.test(last) ? rest.slice(0, rest.length - last.length) : rest;
  return whole.replace(WORDS, (word) => (NUMBER.test(word) ? '0' : word));
}
