/**
 * Rows: what was sampled at one tick, in two kinds of blocks. "names" lists series once, "row" has their values in that order.
 * A row stands on its own but for the names, and these are written twice, before
 * the first row and after it, so that no single damage costs more than a tick.
 *
 * names: boot id, 16 bytes · count, varint · each name: bytes that it shares with the one before, length of the rest (varints),
 *        the rest in UTF-8
 * row:   CRC-32 of the payload of its names, 4 bytes · ms since boot, varint · ms since the epoch, zigzag · values, each:
 *          0, count (varint)   that many series have no value
 *          1, count (varint)   that many are 0
 *          2, double           8 bytes
 *          16 + e, zigzag      a whole number divided by ten to the power of e
 */

import { crc32 } from 'node:zlib';
import { BadBytes, ByteReader, ByteWriter, digitsBehindPoint, MAX_WHOLE, power } from './bytes.ts';

/** More series than these are not kept: 500 network interfaces with 16 counters each. */
export const MAX_SERIES = 8_192;
/** The most bytes of a name. */
export const MAX_NAME = 255;

const ABSENT = 0;
const ZEROS = 1;
const FLOAT = 2;
const DECIMAL = 16;

/** When a row was sampled. */
export interface RowTime {
  /** ms since boot: goes on where the wall clock is set. */
  readonly sinceBoot: number;
  /** ms since the epoch, as the machine's clock had it then. */
  readonly wall: number;
}

/** Names of series, as a block lists them. */
export interface Names {
  /** The boot that the rows are of: 32 hexadecimal digits. */
  readonly boot: string;
  readonly names: readonly string[];
}

/** The names of a list, each as what it has beyond the one before. */
export function writeNames(into: ByteWriter, names: readonly string[]): void {
  into.varint(names.length);
  let before: Buffer = Buffer.alloc(0);
  for (const name of names) {
    const bytes = Buffer.from(name, 'utf8');
    const most = Math.min(before.length, bytes.length);
    let shared = 0;
    while (shared < most && before[shared] === bytes[shared]) shared++;
    into.varint(shared);
    into.varint(bytes.length - shared);
    into.bytes(bytes.subarray(shared));
    before = bytes;
  }
}

/** Reads what writeNames wrote. @throws BadBytes */
export function readNames(from: ByteReader): string[] {
  const count = from.varint();
  if (count > MAX_SERIES) throw new BadBytes('there are more series than there can be');
  const names: string[] = [];
  let before: Buffer = Buffer.alloc(0);
  while (names.length < count) {
    const shared = from.varint();
    const rest = from.varint();
    if (shared > before.length || shared + rest > MAX_NAME) throw new BadBytes('a name is too long');
    before = Buffer.concat([before.subarray(0, shared), from.bytes(rest)]);
    names.push(before.toString('utf8'));
  }
  return names;
}

/** The payload of a block of names. */
export function namesPayload({ boot, names }: Names): Buffer {
  const into = new ByteWriter();
  into.bytes(Buffer.from(boot, 'hex'));
  writeNames(into, names);
  return into.done();
}

/** Reads the payload of a block of names. @throws BadBytes */
export function parseNames(payload: Buffer): Names {
  const from = new ByteReader(payload);
  const boot = from.bytes(16).toString('hex');
  return { boot, names: readNames(from) };
}

/** How rows refer to the payload of their names. */
export function namesKey(payload: Uint8Array): number {
  return crc32(payload);
}

/** The payload of a row. @param values in the order of the names; NaN where a series has none */
export function rowPayload(key: number, time: RowTime, values: Float64Array): Buffer {
  const into = new ByteWriter();
  into.word(key);
  into.varint(time.sinceBoot);
  into.zigzag(time.wall);
  for (let at = 0; at < values.length; ) {
    const value = values[at] ?? Number.NaN;
    if (Number.isNaN(value) || Object.is(value, 0)) {
      let end = at + 1;
      while (end < values.length && Object.is(values[end], value)) end++;
      into.byte(Number.isNaN(value) ? ABSENT : ZEROS);
      into.varint(end - at);
      at = end;
      continue;
    }
    const exponent = digitsBehindPoint(value);
    const whole = exponent === undefined ? Number.NaN : Math.round(value * power(exponent));
    if (exponent !== undefined && Math.abs(whole) <= MAX_WHOLE) {
      into.byte(DECIMAL + exponent);
      into.zigzag(whole);
    } else {
      into.byte(FLOAT);
      into.float(value);
    }
    at++;
  }
  return into.done();
}

/** A row that was read. */
export interface Row extends RowTime {
  /** The names that it refers to. */
  readonly key: number;
  /** Reads its values, NaN where there is none, for so many names. @throws BadBytes */
  readonly values: (count: number) => Float64Array;
}

/** Reads the payload of a row. @throws BadBytes */
export function parseRow(payload: Buffer): Row {
  const from = new ByteReader(payload);
  const key = from.word();
  const sinceBoot = from.varint();
  const wall = from.zigzag();
  const start = from.at;
  return { key, sinceBoot, wall, values: (count) => readValues(new ByteReader(payload, start), count) };
}

function readValues(from: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count);
  for (let at = 0; at < count; ) {
    const tag = from.byte();
    if (tag === ABSENT || tag === ZEROS) {
      const run = from.varint();
      if (run === 0 || run > count - at) throw new BadBytes('a row has more values than names');
      values.fill(tag === ABSENT ? Number.NaN : 0, at, at + run);
      at += run;
    } else if (tag === FLOAT) values[at++] = from.float();
    else if (tag >= DECIMAL) values[at++] = from.zigzag() / power(tag - DECIMAL);
    else throw new BadBytes('a value is of an unknown kind');
  }
  return values;
}
