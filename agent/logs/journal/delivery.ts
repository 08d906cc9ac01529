/** What both ways of reading the journal hand on: batches of records, and watermarks while few are wanted. */

import { TICK_MS } from '../files/wait.ts';
import type { LogEvent } from '../types.ts';
import { missingRecords } from './outcome.ts';
import type { JournalSink } from './sink.ts';

/** While records are wanted but few, they are passed on at the latest after this time. */
export const FLUSH_MS = 40;

/** The way out of one read. */
export class Delivery {
  readonly sink: JournalSink;
  #lastFlush = Date.now();
  #lastWatermark = Date.now();

  constructor(sink: JournalSink) {
    this.sink = sink;
  }

  /** Whether records have waited for long enough. */
  get isFlushDue(): boolean {
    return Date.now() - this.#lastFlush >= FLUSH_MS;
  }

  /** Whether nothing was handed on for a tick. */
  get isWatermarkDue(): boolean {
    return Date.now() - this.#lastWatermark >= TICK_MS - 10;
  }

  /** The records that wait, if there are any. */
  *flush(): Generator<LogEvent> {
    const batch = this.sink.take();
    if (batch === undefined) return;
    this.#lastFlush = this.#lastWatermark = Date.now();
    yield { event: 'batch', batch };
  }

  /** A gap behind the records that wait. */
  *missing(records: number): Generator<LogEvent> {
    yield* this.flush();
    yield missingRecords(records);
  }

  /** How far the time has come: as told, in µs, or else as of the last record that was passed, while old ones are still being read. */
  watermark(timeUsec = 0): LogEvent {
    this.#lastWatermark = Date.now();
    const time = timeUsec > 0 ? timeUsec : (this.sink.position?.usec ?? 0);
    return { event: 'watermark', watermark: { timeUsec: time, cursor: this.sink.cursor } };
  }
}
