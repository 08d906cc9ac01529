/**
 * Collects records one by one into the columns of a batch. For sources that parse each record; files whose lines go out as
 * they are have a shorter way (`whole` of files/plain.ts).
 */

import { type LogBatch, type LogFields, type LogOrigin, MAX_MESSAGE_BYTES, NO_PRIORITY } from './types.ts';

/** A batch is handed on when its text has grown to this: large messages are what the transport is fast with. */
const BATCH_BYTES = 256 * 1024;
/** A batch is handed on when it has so many records. */
const BATCH_RECORDS = 8192;
/** A batch is handed on when its further fields have grown to this. */
const FIELD_BYTES = 1 << 20;

/** Up to this length a loop is faster than calling for a copy. */
const SHORT = 192;
const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);

/** Columns that are being filled. */
export class BatchBuilder {
  #text: Buffer = NOTHING;
  #size = 0;
  #lengths: number[] = [];
  #newlines = false;
  #timeDeltas: number[] = [];
  #baseUsec = 0;
  #lastUsec = 0;
  #priorities = Buffer.alloc(0);
  #hasPriority = false;
  #originIndex: number[] = [];
  #manyOrigins = false;
  #origins: LogOrigin[] = [];
  #originKeys = new Map<string, number>();
  #positionDeltas: number[] = [];
  #basePosition = 0;
  #lastPosition = 0;
  #fields: LogFields[] = [];
  #fieldBytes = 0;
  #truncated: number[] = [];
  /** How many records are in. */
  count = 0;

  /** Whether the batch should be taken before more is added. */
  get full(): boolean {
    return this.#size >= BATCH_BYTES || this.count >= BATCH_RECORDS || this.#fieldBytes >= FIELD_BYTES;
  }

  /** The number of an origin in this batch. `key` is any text that is the same for the same origin. */
  origin(key: string, make: () => LogOrigin): number {
    let index = this.#originKeys.get(key);
    if (index === undefined) {
      index = this.#origins.push(make()) - 1;
      this.#originKeys.set(key, index);
    }
    return index;
  }

  /**
   * Adds the message bytes[start..end), cut to MAX_MESSAGE_BYTES.
   * @param usec time in µs since the epoch
   * @param cut whether bytes are missing already, so that the record counts as truncated
   */
  add(
    bytes: Buffer,
    start: number,
    end: number,
    usec: number,
    position: number,
    priority = NO_PRIORITY,
    origin = 0,
    cut = false,
  ): void {
    const stop = Math.min(end, start + MAX_MESSAGE_BYTES);
    if (cut || stop < end) this.#truncated.push(this.count);
    const length = stop - start;
    if (this.#size + length + 1 > this.#text.length) this.#grow(length + 1);
    this.#append(bytes, start, stop);
    this.#text[this.#size++] = NEWLINE;
    this.#lengths.push(length);
    if (this.count === 0) {
      this.#baseUsec = this.#lastUsec = usec;
      this.#basePosition = this.#lastPosition = position;
    }
    this.#timeDeltas.push(usec - this.#lastUsec);
    this.#lastUsec = usec;
    this.#positionDeltas.push(position - this.#lastPosition);
    this.#lastPosition = position;
    this.#setPriority(priority);
    this.#originIndex.push(origin);
    if (origin !== 0) this.#manyOrigins = true;
    this.count++;
  }

  /** Copies a message behind the others, and notes whether it holds a newline. */
  #append(bytes: Buffer, start: number, end: number): void {
    const text = this.#text;
    let size = this.#size;
    if (end - start > SHORT) {
      bytes.copy(text, size, start, end);
      size += end - start;
      if (!this.#newlines) this.#newlines = text.subarray(this.#size, size).includes(NEWLINE);
    } else {
      let newlines = this.#newlines;
      for (let at = start; at < end; at++) {
        const byte = bytes[at] as number;
        text[size++] = byte;
        if (byte === NEWLINE) newlines = true;
      }
      this.#newlines = newlines;
    }
    this.#size = size;
  }

  /** Adds the further fields of the record that was added last. Every record needs the call, or none. */
  addFields(values: Record<string, Buffer>): void {
    for (const name in values) this.#fieldBytes += name.length + (values[name]?.length ?? 0) + 8;
    this.#fields.push({ values });
  }

  #setPriority(priority: number): void {
    if (priority !== NO_PRIORITY) this.#hasPriority = true;
    if (this.count >= this.#priorities.length) {
      const larger = Buffer.allocUnsafe(Math.max(64, this.#priorities.length * 2));
      this.#priorities.copy(larger);
      this.#priorities = larger;
    }
    this.#priorities[this.count] = priority;
  }

  #grow(more: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(4096, this.#text.length * 2, this.#size + more));
    this.#text.copy(larger, 0, 0, this.#size);
    this.#text = larger;
  }

  /** Hands over what was collected and begins anew. The batch holds until the next record is added. */
  take(cursorPrefix: string): LogBatch {
    const sameTime = this.#timeDeltas.every((delta) => delta === 0);
    const batch: LogBatch = {
      count: this.count,
      text: this.#text.subarray(0, this.#size),
      lengths: this.#newlines ? this.#lengths : [],
      timeDeltas: sameTime ? [] : this.#timeDeltas,
      baseUsec: this.#baseUsec,
      priorities: this.#hasPriority ? this.#priorities.subarray(0, this.count) : Buffer.alloc(0),
      originIndex: this.#manyOrigins ? this.#originIndex : [],
      origins: this.#origins,
      cursorPrefix,
      positionDeltas: this.#positionDeltas,
      basePosition: this.#basePosition,
      fields: this.#fields,
      truncated: this.#truncated,
    };
    // After a full batch the next one is likely to be as large; in between small ones should not hold much.
    if (!this.full) this.#text = NOTHING;
    this.#size = 0;
    this.#lengths = [];
    this.#newlines = false;
    this.#timeDeltas = [];
    this.#priorities = Buffer.alloc(0);
    this.#hasPriority = false;
    this.#originIndex = [];
    this.#manyOrigins = false;
    this.#origins = [];
    this.#originKeys = new Map();
    this.#positionDeltas = [];
    this.#fields = [];
    this.#fieldBytes = 0;
    this.#truncated = [];
    this.count = 0;
    return batch;
  }
}
