/** `chronyc smoothing`: the smoothing of the time that is served to clients. */

import { ChronyParseError } from './errors.ts';
import { Sheet } from './sheet.ts';
import { csvFields, isCsv, linesOf } from './text.ts';
import { yes } from './words.ts';

/** The smoothing of the time that is served. */
export interface Smoothing {
  readonly active: boolean;
  /** Whether it is used for leap seconds alone. */
  readonly leapOnly: boolean;
  /** What is added to the time that is served, in seconds. */
  readonly offset: number;
  /** In ppm. */
  readonly frequency: number;
  /** In ppm per second. */
  readonly wander: number;
  /** Seconds since the last update. */
  readonly lastUpdateAgo: number;
  /** Seconds until it is through. */
  readonly remaining: number;
}

/**
 * Reads `chronyc smoothing`, with `-c` or as it is printed for people. Without `smoothtime` in chronyd's configuration the
 * answer is 505 Facility not enabled in daemon.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseSmoothing } from 'chrony-parser';
 *
 * const smoothing = parseSmoothing('Yes,(leap second only),1.000000000,0.000000,0.000000,14.4,0.0\n');
 * assert.equal(smoothing.leapOnly, true);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where it is no such report
 */
export function parseSmoothing(text: string): Smoothing {
  const lines = linesOf(text);
  const csv = lines.find((line) => isCsv(line, 7));
  if (csv !== undefined) {
    const fields = csvFields('smoothing', csv, 7);
    return {
      active: yes(fields.text()),
      leapOnly: fields.text() !== '',
      offset: fields.number(),
      frequency: fields.number(),
      wander: fields.number(),
      lastUpdateAgo: fields.number(),
      remaining: fields.number(),
    };
  }
  if (lines.length === 0) throw new ChronyParseError('smoothing: there is nothing in it');
  const sheet = new Sheet('smoothing', lines);
  return {
    active: yes(sheet.text('active')),
    leapOnly: sheet.text('active').includes('leap second only'),
    offset: sheet.number('offset'),
    frequency: sheet.number('frequency'),
    wander: sheet.number('wander'),
    lastUpdateAgo: sheet.number('last update'),
    remaining: sheet.number('remaining time'),
  };
}
