/** The records of a batch, one by one, taken out of its columns as the contract says. */

import { formatCursor } from './cursor.ts';
import { type LogBatch, type LogOrigin, NO_PRIORITY } from './types.ts';

/** One record. Its text points into the batch, and holds no longer than that does. */
export interface LogRecord {
  readonly text: Buffer;
  /** µs since the epoch */
  readonly usec: number;
  /** 0 to 7, or NO_PRIORITY. */
  readonly priority: number;
  readonly origin: LogOrigin | undefined;
  readonly cursor: string;
}

/** The records of a batch, in order. */
export function* recordsIn(batch: LogBatch): Generator<LogRecord> {
  let at = 0;
  let usec = batch.baseUsec;
  let position = batch.basePosition;
  for (let i = 0; i < batch.count; i++) {
    const end = batch.lengths.length > 0 ? at + (batch.lengths[i] ?? 0) : batch.text.indexOf(10, at);
    usec += batch.timeDeltas[i] ?? 0;
    position += batch.positionDeltas[i] ?? 0;
    yield {
      text: batch.text.subarray(at, end),
      usec,
      priority: batch.priorities.length > 0 ? (batch.priorities[i] ?? NO_PRIORITY) : NO_PRIORITY,
      origin: batch.origins[batch.originIndex[i] ?? 0],
      cursor: formatCursor(batch.cursorPrefix, position),
    };
    at = end + 1;
  }
}
