/** Numbers and texts as bytes: what the blocks of the history are written with. */

/** What was read is not in the format: the bytes were damaged, or are none of ours. */
export class BadBytes extends Error {
  override readonly name = 'BadBytes';
}

/** Whole numbers up to this are written as such: their differences, and differences of those, stay exact as a number. */
export const MAX_WHOLE = 2 ** 50;

const FIRST_BYTES = 1_024;

/** Grows as it is written to. */
export class ByteWriter {
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  /** How many bytes were written so far. */
  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53 in groups of seven bits, the lowest first; the eighth says that more follow. */
  varint(value: number): void {
    this.#room(8);
    let left = value;
    // Bit operations of the language end at 31 bits.
    for (; left > 0x7fff_ffff; left = Math.floor(left / 128))
      this.#bytes[this.#length++] = (left % 128) | 128;
    for (; left > 127; left >>>= 7) this.#bytes[this.#length++] = (left & 127) | 128;
    this.#bytes[this.#length++] = left;
  }

  /** A whole number of either sign whose amount is at most 2^52. */
  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** An IEEE 754 double, little endian. */
  float(value: number): void {
    this.#room(8);
    this.#bytes.writeDoubleLE(value, this.#length);
    this.#length += 8;
  }

  /** A whole number below 2^32, little endian. */
  word(value: number): void {
    this.#room(4);
    this.#bytes.writeUInt32LE(value, this.#length);
    this.#length += 4;
  }

  bytes(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** What was written; it is not to be written to after that. */
  done(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Reads what a ByteWriter wrote. Every method throws BadBytes at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Where the next byte is. */
  get at(): number {
    return this.#at;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new BadBytes('the bytes end too early');
    return value;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 8; count++, scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new BadBytes('a number is too long');
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  float(): number {
    return this.#take(8).readDoubleLE();
  }

  word(): number {
    return this.#take(4).readUInt32LE();
  }

  /** So many bytes, not copied. */
  bytes(length: number): Buffer {
    return this.#take(length);
  }

  #take(length: number): Buffer {
    if (length > this.left) throw new BadBytes('the bytes end too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

const POWERS = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
/** The most digits behind the point that a number is written as a decimal with. */
export const MAX_EXPONENT = POWERS.length - 1;

/** Ten to the power of an exponent from 0 to MAX_EXPONENT. */
export function power(exponent: number): number {
  return POWERS[exponent] ?? Number.NaN;
}

/**
 * How many digits behind the point a number has in decimal, or undefined where it has more than can be written as a whole
 * number times a power of ten. Nearly everything that a kernel or a tool prints has few.
 */
export function digitsBehindPoint(value: number): number | undefined {
  if (Number.isInteger(value)) return Object.is(value, -0) ? undefined : 0;
  for (let exponent = 1; exponent <= MAX_EXPONENT; exponent++) {
    const whole = Math.round(value * power(exponent));
    if (Math.abs(whole) > MAX_WHOLE) return undefined;
    if (whole / power(exponent) === value) return exponent;
  }
  return undefined;
}
