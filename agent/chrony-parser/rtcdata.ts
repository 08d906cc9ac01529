/** `chronyc rtcdata`: the hardware clock, where chronyd tracks it. */

import { ChronyParseError } from './errors.ts';
import { Sheet } from './sheet.ts';
import { age, csvFields, isCsv, linesOf } from './text.ts';
import { timeOf } from './words.ts';

/** The hardware clock as chronyd knows it. */
export interface Rtcdata {
  /** When it was last measured, seconds since the epoch. */
  readonly referenceTime: number | undefined;
  readonly samples: number;
  /** Runs of residuals of one sign. */
  readonly runs: number;
  /** Seconds between the oldest and the newest sample. */
  readonly span: number | undefined;
  /** How far the hardware clock is ahead of the system's, in seconds. */
  readonly offset: number;
  /** How fast it gains on it, in ppm. */
  readonly frequency: number;
}

/**
 * Reads `chronyc rtcdata`, with `-c` or as it is printed for people. Without `rtcfile` in chronyd's configuration the answer
 * is 513 RTC driver not running.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseRtcdata } from 'chrony-parser';
 *
 * assert.equal(parseRtcdata('1433085026.000000000,10,5,0,-1.632736,-107.623\n').offset, -1.632736);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where it is no such report
 */
export function parseRtcdata(text: string): Rtcdata {
  const lines = linesOf(text);
  const csv = lines.find((line) => isCsv(line, 6));
  if (csv !== undefined) {
    const fields = csvFields('rtcdata', csv, 6);
    return {
      referenceTime: timeOf(fields.number()),
      samples: fields.number(),
      runs: fields.number(),
      span: fields.age(),
      offset: fields.number(),
      frequency: fields.number(),
    };
  }
  if (lines.length === 0) throw new ChronyParseError('rtcdata: there is nothing in it');
  const sheet = new Sheet('rtcdata', lines);
  return {
    referenceTime: sheet.time('rtc ref time (utc)'),
    samples: sheet.number('number of samples'),
    runs: sheet.number('number of runs'),
    span: age(sheet.text('sample span period')),
    offset: sheet.number('rtc is fast by'),
    frequency: sheet.number('rtc gains time at'),
  };
}
