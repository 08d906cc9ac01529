/**
 * The values of one series over the rows of a chunk, in whichever of these forms is the shortest:
 *
 *   0               no row has a value
 *   1, double       all rows have this one
 *   2, doubles      one a row, NaN where there is none
 *   3, e, double, zigzag …   decimals with e digits behind the point: the first as a whole number, then the difference of
 *                   each to the one before
 *   4, e, double, zigzag …   the same with differences of differences, for what grows evenly
 *   5, bits, form   some rows have no value: a bit for each row, the lowest first, then the values of the others in a form above
 */

import {
  BadBytes,
  type ByteReader,
  ByteWriter,
  digitsBehindPoint,
  MAX_EXPONENT,
  MAX_WHOLE,
  power,
} from './bytes.ts';

const NONE = 0;
const SAME = 1;
const FLOATS = 2;
const DELTAS = 3;
const EVEN = 4;
const SPARSE = 5;

/** A column as bytes. @param values one a row, NaN where there is none */
export function columnBytes(values: Float64Array): Buffer {
  const into = new ByteWriter();
  const present = values.filter((value) => !Number.isNaN(value));
  if (present.length === 0) into.byte(NONE);
  else {
    if (present.length < values.length) {
      into.byte(SPARSE);
      into.bytes(bitsOf(values));
    }
    writeDense(into, present);
  }
  return into.done();
}

function bitsOf(values: Float64Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (const [at, value] of values.entries())
    if (!Number.isNaN(value)) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  return bits;
}

function writeDense(into: ByteWriter, values: Float64Array): void {
  const first = values[0] ?? 0;
  if (values.every((value) => Object.is(value, first))) {
    into.byte(SAME);
    into.float(first);
    return;
  }
  const decimal = decimals(values);
  const plain = decimal && differences(decimal.wholes, DELTAS);
  if (!decimal || !plain) {
    into.byte(FLOATS);
    for (const value of values) into.float(value);
    return;
  }
  const even = differences(decimal.wholes, EVEN);
  const shorter = even && even.length < plain.length;
  into.byte(shorter ? EVEN : DELTAS);
  into.byte(decimal.exponent);
  into.float(decimal.wholes[0] ?? 0);
  into.bytes(shorter ? even : plain);
}

/** Values as whole numbers over one power of ten, or undefined where that would change one of them. */
function decimals(values: Float64Array): { exponent: number; wholes: Float64Array } | undefined {
  let exponent = 0;
  for (const value of values) {
    const digits = digitsBehindPoint(value);
    if (digits === undefined) return undefined;
    if (digits > exponent) exponent = digits;
  }
  const scale = power(exponent);
  const wholes = values.map((value) => (exponent === 0 ? value : Math.round(value * scale)));
  for (const [at, whole] of wholes.entries())
    if (!Number.isSafeInteger(whole) || whole / scale !== values[at]) return undefined;
  return { exponent, wholes };
}

/** The differences of whole numbers, or undefined where one is too large to be exact. */
function differences(wholes: Float64Array, form: typeof DELTAS | typeof EVEN): Buffer | undefined {
  const into = new ByteWriter();
  let before = wholes[0] ?? 0;
  let step = 0;
  for (let at = 1; at < wholes.length; at++) {
    const whole = wholes[at] ?? 0;
    const delta = whole - before;
    if (Math.abs(delta) > MAX_WHOLE) return undefined;
    into.zigzag(delta - step);
    if (form === EVEN) step = delta;
    before = whole;
  }
  return into.done();
}

/** Reads the values of so many rows, NaN where there is none. @throws BadBytes */
export function readColumn(from: ByteReader, rows: number): Float64Array {
  const form = from.byte();
  if (form === NONE) return new Float64Array(rows).fill(Number.NaN);
  if (form !== SPARSE) return readDense(from, form, rows);
  const bits = from.bytes(Math.ceil(rows / 8));
  const has = (at: number) => ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
  let count = 0;
  for (let at = 0; at < rows; at++) if (has(at)) count++;
  const present = readDense(from, from.byte(), count);
  const values = new Float64Array(rows).fill(Number.NaN);
  for (let at = 0, next = 0; at < rows; at++) if (has(at)) values[at] = present[next++] ?? Number.NaN;
  return values;
}

function readDense(from: ByteReader, form: number, count: number): Float64Array {
  const values = new Float64Array(count);
  if (form === SAME) return values.fill(from.float());
  if (form === FLOATS) {
    for (let at = 0; at < count; at++) values[at] = from.float();
    return values;
  }
  if (form !== DELTAS && form !== EVEN) throw new BadBytes('a column is of an unknown form');
  const exponent = from.byte();
  if (exponent > MAX_EXPONENT) throw new BadBytes('a column has too many digits');
  const scale = power(exponent);
  let whole = from.float();
  let step = 0;
  for (let at = 0; at < count; at++) {
    if (at > 0) {
      const delta = from.zigzag() + step;
      if (form === EVEN) step = delta;
      whole += delta;
    }
    values[at] = exponent === 0 ? whole : whole / scale;
  }
  return values;
}
