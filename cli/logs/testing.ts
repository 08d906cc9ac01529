/** Log batches for tests, encoded by the contract's own codec and decoded as from the wire. */

import { contractMethod } from '../../proto/contract.ts';
import type { RecordBatch } from './batch.ts';
import { decodeEvent } from './events.ts';

/** One record of a test's batch. */
export interface TestRecord {
  /** µs since the epoch. */
  time: number;
  message: string | Buffer;
  priority?: number;
  origin?: { identifier?: string; unit?: string; pid?: number };
  fields?: Record<string, Buffer>;
  truncated?: boolean;
}

/** The bytes of one nodectl.v1.ReadLogsResponse. */
export function eventBytes(event: object): Buffer {
  return Buffer.from(contractMethod('nodectl.v1.LogsService/ReadLogs').response.encode(event));
}

/**
 * The bytes of a batch event. Cursors are "t:1", "t:2" and so on.
 * @param columns columns to replace, for batches that are wrong
 */
export function batchBytes(records: TestRecord[], columns: object = {}, firstPosition = 1): Buffer {
  const messages = records.map((one) => Buffer.from(one.message));
  let before = 0;
  return eventBytes({
    batch: {
      count: records.length,
      text: Buffer.concat(messages.flatMap((one) => [one, Buffer.from('\n')])),
      lengths: messages.some((one) => one.includes(10)) ? messages.map((one) => one.length) : [],
      timeDeltas: records.map(({ time }) => {
        const delta = time - before;
        before = time;
        return delta;
      }),
      priorities: records.some((one) => one.priority !== undefined)
        ? Buffer.from(records.map((one) => one.priority ?? 255))
        : Buffer.alloc(0),
      originIndex: records.map((_, at) => at),
      origins: records.map((one) => one.origin ?? {}),
      cursorPrefix: 't',
      positionDeltas: records.map((_, at) => (at === 0 ? 0 : 1)),
      basePosition: firstPosition,
      fields: records.some((one) => one.fields) ? records.map((one) => ({ values: one.fields ?? {} })) : [],
      truncated: records.flatMap((one, at) => (one.truncated ? [at] : [])),
      ...columns,
    },
  });
}

/** A decoded batch of records. */
export function batchOf(records: TestRecord[], columns: object = {}): RecordBatch {
  const event = decodeEvent(batchBytes(records, columns));
  if (event?.kind !== 'batch') throw new Error('not a batch');
  return event.batch;
}
