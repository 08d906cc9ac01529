/**
 * A batch of log records as it came over the wire. Only what a reader asks for is decoded, and then once: `cat` of a file
 * needs no more than the text, a merge needs the times, a resume needs the last position.
 */

import { BYTES, malformed, VARINT, WireReader } from './wire.ts';

/** Who wrote a record. Empty strings and 0 where it is not known. */
export interface Origin {
  identifier: string;
  unit: string;
  pid: number;
}

const NOBODY: Origin = { identifier: '', unit: '', pid: 0 };
const NO_PRIORITY = 255;
const EMPTY = Buffer.alloc(0);
const NEWLINE = 10;

/** The columns of nodectl.v1.LogBatch, still encoded. */
interface Columns {
  lengths: Buffer;
  timeDeltas: Buffer;
  baseUsec: number;
  priorities: Buffer;
  originIndex: Buffer;
  origins: Buffer[];
  cursorPrefix: string;
  positionDeltas: Buffer;
  basePosition: number;
  fields: Buffer[];
  truncated: Buffer;
}

/** Records of one stream, oldest first, addressed by their index. Malformed columns throw a Failure when first used. */
export class RecordBatch {
  /** How many records. */
  readonly count: number;
  /** The messages' bytes, each with a newline behind it. */
  readonly text: Buffer;
  readonly #columns: Columns;
  #ends: Int32Array | undefined;
  #times: Float64Array | undefined;
  #positions: Float64Array | undefined;
  #origins: Origin[] | undefined;
  #originIndex: Int32Array | undefined;
  #truncated: Set<number> | undefined;
  #binary: string | undefined;

  /** Takes the bytes of a nodectl.v1.LogBatch, which are kept and not copied. */
  constructor(bytes: Buffer) {
    const columns: Columns = {
      lengths: EMPTY,
      timeDeltas: EMPTY,
      baseUsec: 0,
      priorities: EMPTY,
      originIndex: EMPTY,
      origins: [],
      cursorPrefix: '',
      positionDeltas: EMPTY,
      basePosition: 0,
      fields: [],
      truncated: EMPTY,
    };
    let count = 0;
    let text = EMPTY as Buffer;
    const wire = new WireReader(bytes);
    while (!wire.done) {
      const tag = wire.varint();
      if (tag === ((1 << 3) | VARINT)) count = wire.signed();
      else if (tag === ((2 << 3) | BYTES)) text = wire.block();
      else if (tag === ((3 << 3) | BYTES)) columns.lengths = wire.block();
      else if (tag === ((4 << 3) | BYTES)) columns.timeDeltas = wire.block();
      else if (tag === ((5 << 3) | VARINT)) columns.baseUsec = wire.signed();
      else if (tag === ((6 << 3) | BYTES)) columns.priorities = wire.block();
      else if (tag === ((7 << 3) | BYTES)) columns.originIndex = wire.block();
      else if (tag === ((8 << 3) | BYTES)) columns.origins.push(wire.block());
      else if (tag === ((9 << 3) | BYTES)) columns.cursorPrefix = wire.string();
      else if (tag === ((10 << 3) | BYTES)) columns.positionDeltas = wire.block();
      else if (tag === ((11 << 3) | VARINT)) columns.basePosition = wire.signed();
      else if (tag === ((12 << 3) | BYTES)) columns.fields.push(wire.block());
      else if (tag === ((13 << 3) | BYTES)) columns.truncated = wire.block();
      else wire.skip(tag & 7);
    }
    // Every record has at least its newline, so the text bounds the count and with it every column that is made here.
    if (count < 0 || count > text.length) throw malformed(`${count} records in ${text.length} bytes`);
    if (count > 0 && text[text.length - 1] !== NEWLINE)
      throw malformed('the text does not end with a newline');
    this.count = count;
    this.text = text;
    this.#columns = columns;
  }

  /** Whether a message may hold newlines of its own. */
  get multiline(): boolean {
    return this.#columns.lengths.length > 0;
  }

  /** Whether any record has a priority. */
  get hasPriorities(): boolean {
    return this.#columns.priorities.length > 0;
  }

  /** Whether any record was cut. */
  get hasTruncated(): boolean {
    return this.#columns.truncated.length > 0;
  }

  /** Whether further fields came with the records. */
  get hasFields(): boolean {
    return this.#columns.fields.length > 0;
  }

  /** The whole text with a character a byte, for work on strings that must not change the bytes. */
  get binary(): string {
    this.#binary ??= this.text.toString('latin1');
    return this.#binary;
  }

  /** Where each message ends in `text`: the index of the newline behind it. */
  get ends(): Int32Array {
    this.#ends ??= this.multiline ? this.#endsOfLengths() : this.#endsOfLines();
    return this.#ends;
  }

  /** Times in µs since the epoch. */
  get times(): Float64Array {
    this.#times ??= this.#sums(this.#columns.timeDeltas, this.#columns.baseUsec, 'times');
    return this.#times;
  }

  /** Where a message begins in `text`. */
  start(index: number): number {
    return index === 0 ? 0 : (this.ends[index - 1] as number) + 1;
  }

  /** A message's bytes, without the newline behind it. */
  message(index: number): Buffer {
    return this.text.subarray(this.start(index), this.ends[index]);
  }

  /** A record's priority, 0 (emergency) to 7 (debug), or undefined where it has none. */
  priority(index: number): number | undefined {
    const found = this.#columns.priorities[index];
    return found === undefined || found === NO_PRIORITY ? undefined : found;
  }

  /** Who wrote a record. */
  origin(index: number): Origin {
    this.#origins ??= this.#columns.origins.map(decodeOrigin);
    if (this.#columns.originIndex.length === 0) return this.#origins[0] ?? NOBODY;
    this.#originIndex ??= this.#decodeOriginIndex();
    return this.#origins[this.#originIndex[index] as number] ?? NOBODY;
  }

  /** A record's cursor: what to resume behind it with. */
  cursor(index: number): string {
    const { positionDeltas, basePosition, cursorPrefix } = this.#columns;
    this.#positions ??= this.#sums(positionDeltas, basePosition, 'positions');
    return `${cursorPrefix}:${(this.#positions[index] ?? basePosition).toString(36)}`;
  }

  /** Whether a record's message was cut. */
  isTruncated(index: number): boolean {
    if (!this.hasTruncated) return false;
    if (!this.#truncated) {
      this.#truncated = new Set();
      const wire = new WireReader(this.#columns.truncated);
      while (!wire.done) this.#truncated.add(wire.varint());
    }
    return this.#truncated.has(index);
  }

  /** A record's further fields as raw bytes by name, in the order in which they came. */
  fields(index: number): Map<string, Buffer> {
    const found = new Map<string, Buffer>();
    const bytes = this.#columns.fields[index];
    if (!bytes) return found;
    const wire = new WireReader(bytes);
    while (!wire.done) {
      const tag = wire.varint();
      if (tag !== ((1 << 3) | BYTES)) {
        wire.skip(tag & 7);
        continue;
      }
      const entry = new WireReader(wire.block());
      let name = '';
      let value = EMPTY as Buffer;
      while (!entry.done) {
        const inner = entry.varint();
        if (inner === ((1 << 3) | BYTES)) name = entry.string();
        else if (inner === ((2 << 3) | BYTES)) value = entry.block();
        else entry.skip(inner & 7);
      }
      found.set(name, value);
    }
    return found;
  }

  #endsOfLines(): Int32Array {
    const ends = new Int32Array(this.count);
    let from = 0;
    for (let index = 0; index < this.count; index++) {
      const at = this.text.indexOf(NEWLINE, from);
      if (at < 0) throw malformed(`${index} lines where ${this.count} were announced`);
      ends[index] = at;
      from = at + 1;
    }
    if (from !== this.text.length) throw malformed(`more than the ${this.count} lines that were announced`);
    return ends;
  }

  #endsOfLengths(): Int32Array {
    const ends = new Int32Array(this.count);
    const wire = new WireReader(this.#columns.lengths);
    let from = 0;
    for (let index = 0; index < this.count; index++) {
      const at = from + wire.varint();
      if (this.text[at] !== NEWLINE) throw malformed('lengths and text do not fit');
      ends[index] = at;
      from = at + 1;
    }
    if (!wire.done || from !== this.text.length) throw malformed('lengths and text do not fit');
    return ends;
  }

  /** A column of differences as sums. An empty column means that all are the base. */
  #sums(column: Buffer, base: number, what: string): Float64Array {
    const sums = new Float64Array(this.count);
    if (column.length === 0) return sums.fill(base);
    const wire = new WireReader(column);
    let sum = base;
    for (let index = 0; index < this.count; index++) {
      sum += wire.zigzag();
      sums[index] = sum;
    }
    if (!wire.done) throw malformed(`there are more ${what} than records`);
    return sums;
  }

  #decodeOriginIndex(): Int32Array {
    const found = new Int32Array(this.count);
    const wire = new WireReader(this.#columns.originIndex);
    for (let index = 0; index < this.count; index++) found[index] = wire.varint();
    return found;
  }
}

function decodeOrigin(bytes: Buffer): Origin {
  const origin = { ...NOBODY };
  const wire = new WireReader(bytes);
  while (!wire.done) {
    const tag = wire.varint();
    if (tag === ((1 << 3) | BYTES)) origin.identifier = wire.string();
    else if (tag === ((2 << 3) | BYTES)) origin.unit = wire.string();
    else if (tag === ((3 << 3) | VARINT)) origin.pid = wire.signed();
    else wire.skip(tag & 7);
  }
  return origin;
}
