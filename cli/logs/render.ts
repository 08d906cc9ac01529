/** How records become output: what every renderer is given and gives. */

import { thousands } from '../output/thousands.ts';
import type { RecordBatch } from './batch.ts';
import type { Gap } from './events.ts';

/** The stream that a record came from, as far as it is shown. */
export interface RecordPlace {
  readonly node: string;
  /** The source's full name. */
  readonly source: string;
}

/** Turns records into bytes. */
export interface Renderer {
  /** What stands before the first record. */
  readonly head: string;
  /** What stands behind the last. */
  readonly foot: string;
  /** Records `from` up to, not including, `to` of a batch. */
  records(place: RecordPlace, batch: RecordBatch, from: number, to: number): Buffer;
  /** A gap among the records; undefined where the format has no place for one. */
  gap(place: RecordPlace, gap: Gap): Buffer | undefined;
}

/** A gap in words: "12 records lost: the kernel's buffer was overwritten". */
export function gapText({ records, bytes, cause, detail }: Gap): string {
  if (cause === 'NOT_PERMITTED') return `not all of it is shown: ${detail}`;
  const amount =
    records > 0
      ? `${thousands(records)} record${records === 1 ? '' : 's'}`
      : bytes > 0
        ? `${thousands(bytes)} bytes`
        : 'an unknown number of records';
  return `${amount} lost here: ${detail || cause.toLowerCase().replaceAll('_', ' ')}`;
}
