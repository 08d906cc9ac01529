/** What tests of sources share: options with nothing asked for, and reading events into plain records. */

import { recordsIn } from '../records.ts';
import type { LogBatch, LogEvent, LogGap, LogOrigin, LogSource, ReadOptions } from '../types.ts';

/** Options that ask for everything there is. */
export const EVERYTHING: ReadOptions = {
  unit: '',
  sinceUsec: 0,
  untilUsec: 0,
  boot: '',
  matcher: undefined,
  priorityMask: 0,
  tail: undefined,
  follow: false,
  cursor: undefined,
  fields: [],
  kernel: false,
};

/** One record of a batch, taken out of its columns as the contract says. */
export interface TestRecord {
  text: string;
  bytes: Buffer;
  usec: number;
  priority: number;
  origin: LogOrigin | undefined;
  cursor: string;
  fields: Record<string, Buffer>;
  truncated: boolean;
}

/** The records of a batch, by the letter of the contract. */
export function recordsOf(batch: LogBatch): TestRecord[] {
  let bytes = 0;
  const out = [...recordsIn(batch)].map((record, i) => {
    bytes += record.text.length + 1;
    return {
      ...record,
      text: record.text.toString('utf8'),
      bytes: Buffer.from(record.text),
      fields: batch.fields[i]?.values ?? {},
      truncated: batch.truncated.includes(i),
    };
  });
  if (bytes !== batch.text.length)
    throw new Error(`the batch has ${batch.text.length - bytes} bytes too many`);
  return out;
}

/** What a read gave, sorted by kind. */
export interface Collected {
  records: TestRecord[];
  texts: string[];
  gaps: LogGap[];
  watermarks: { timeUsec: number; cursor: string }[];
  end: { records: number; cursor: string } | undefined;
  /** The names of the events in order. */
  order: string[];
}

/**
 * Reads until the end, or until `enough` says so: then the read is aborted and must end by itself.
 * @param more what differs from EVERYTHING
 */
export async function collect(
  source: LogSource,
  more: Partial<ReadOptions> = {},
  enough: (sofar: Collected, event: LogEvent) => boolean = () => false,
): Promise<Collected> {
  const abort = new AbortController();
  const out: Collected = { records: [], texts: [], gaps: [], watermarks: [], end: undefined, order: [] };
  for await (const event of source.read({ ...EVERYTHING, ...more }, abort.signal)) {
    if (abort.signal.aborted) continue;
    out.order.push(event.event);
    if (event.event === 'batch') {
      const records = recordsOf(event.batch);
      out.records.push(...records);
      for (const record of records) out.texts.push(record.text);
    } else if (event.event === 'gap') out.gaps.push(event.gap);
    else if (event.event === 'watermark') out.watermarks.push(event.watermark);
    else out.end = event.end;
    if (enough(out, event)) abort.abort();
  }
  return out;
}

/** A small repeatable generator of whole numbers below n. */
export function dice(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}
