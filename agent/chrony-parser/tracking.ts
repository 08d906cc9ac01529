/** `chronyc tracking`: how the system's clock is doing. */

import { ChronyParseError } from './errors.ts';
import { Sheet } from './sheet.ts';
import { csvFields, isCsv, linesOf } from './text.ts';
import { type Leap, leapOf, refidOf, timeOf } from './words.ts';

/**
 * Whether the clock is set, and by whom:
 * - "synchronised": by a source
 * - "local": by nobody; chronyd serves its own clock as if it were right (`local` in its configuration, reference 7F7F0101).
 *   Its leap status reads "Normal" all the same
 * - "unsynchronised": by nobody
 */
export type TrackingState = 'synchronised' | 'local' | 'unsynchronised';

/**
 * How the system's clock is doing. Of a report for people somebody may have kept some lines only: what is not in it is undefined.
 */
export interface Tracking {
  readonly state: TrackingState;
  /**
   * Eight hexadecimal digits: the IPv4 address of the source, a hash of its IPv6 address, or the name of a reference clock.
   * Empty where the report was kept without it.
   */
  readonly referenceId: string;
  /** Name or address of the source; empty where there is none. */
  readonly referenceName: string;
  /** Hops from a reference clock; 0 where the clock is not synchronised, or the report was kept without it. */
  readonly stratum: number;
  /** When the last measurement was processed, seconds since the epoch; undefined for never. */
  readonly referenceTime: number | undefined;
  /**
   * How far the system's clock is ahead of NTP time, in seconds; what is left to be slewed away. chronyc has the opposite sign
   * in this one value. Undefined where the clock is not synchronised: chronyc prints 0 then, which means nothing.
   */
  readonly offset: number | undefined;
  /** How far the clock was ahead at the last update, in seconds. Undefined before chrony 1.27. */
  readonly lastOffset: number | undefined;
  /** Long-term average of the offset, in seconds. Undefined before chrony 1.27. */
  readonly rmsOffset: number | undefined;
  /** How fast the clock would gain if it were left alone, in ppm; negative where it would lose. */
  readonly frequency: number | undefined;
  /** By how much the source disagrees with the frequency in use, in ppm. */
  readonly residualFrequency: number | undefined;
  /** Bound of the frequency's error, in ppm. */
  readonly skew: number | undefined;
  /** Round-trip time to the reference clock, in seconds. */
  readonly rootDelay: number | undefined;
  /** Error that was collected on the way from the reference clock, in seconds. */
  readonly rootDispersion: number | undefined;
  /** Time between the last two updates, in seconds. Undefined before chrony 1.27. */
  readonly updateInterval: number | undefined;
  readonly leap: Leap;
}

const NAME = 'tracking';
/** The reference of a clock that is its own. */
const LOCAL = '7F7F0101';
const NONE = '00000000';

/**
 * Reads `chronyc tracking`, with `-c` or as it is printed for people.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseTracking } from 'chrony-parser';
 *
 * const tracking = parseTracking(
 *   'CB00710F,203.0.113.15,3,1485510557.020491123,0.000006523,-0.000006747,0.000035822,' +
 *     '-3.225,-0.000,0.129,0.013639022,0.001100737,64.2,Normal\n',
 * );
 * assert.equal(tracking.state, 'synchronised');
 * // chronyc's "slow of NTP time" is behind, and thus negative.
 * assert.equal(tracking.offset, -0.000006523);
 * assert.equal(tracking.frequency, -3.225);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where it is no such report
 */
export function parseTracking(text: string): Tracking {
  const lines = linesOf(text);
  const csv = lines.find((line) => isCsv(line, 14));
  if (csv !== undefined) return fromCsv(csv);
  if (lines.length === 0) throw new ChronyParseError(`${NAME}: there is nothing in it`);
  return fromSheet(new Sheet(NAME, lines));
}

/**
 * How wrong the clock can be at most, in seconds: |offset| + root dispersion + root delay / 2 (chronyc's manual). Undefined
 * where the clock is not synchronised, since then there is no bound, or where the report was kept without them.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { errorBound, parseTracking } from 'chrony-parser';
 *
 * const tracking = parseTracking('0A000001,10.0.0.1,3,1485510557.0,0.001,0,0,1,0,0.1,0.004,0.003,64.2,Normal');
 * assert.equal(errorBound(tracking), 0.006);
 * ```
 */
export function errorBound({ state, offset = 0, rootDelay, rootDispersion }: Tracking): number | undefined {
  return state === 'synchronised' && rootDelay !== undefined && rootDispersion !== undefined
    ? Math.abs(offset) + rootDispersion + rootDelay / 2
    : undefined;
}

function fromCsv(line: string): Tracking {
  const fields = csvFields(NAME, line, 14);
  const referenceId = refidOf(fields.text());
  const referenceName = fields.text();
  const stratum = fields.number();
  const referenceTime = timeOf(fields.number());
  const slow = fields.number();
  const values = {
    lastOffset: fields.number(),
    rmsOffset: fields.number(),
    frequency: fields.number(),
    residualFrequency: fields.number(),
    skew: fields.number(),
    rootDelay: fields.number(),
    rootDispersion: fields.number(),
    updateInterval: fields.number(),
  };
  const leap = leapOf(fields.text());
  return complete({ referenceId, referenceName, stratum, referenceTime, ...values, leap }, 0 - slow);
}

function fromSheet(sheet: Sheet): Tracking {
  if (!sheet.has('reference id') && !sheet.has('leap status') && !sheet.has('system time'))
    throw new ChronyParseError(`${NAME}: there is no "reference id" and no "leap status"`);
  const [id, referenceName] = sheet.has('reference id') ? sheet.pair('reference id') : ['', ''];
  return complete(
    {
      referenceId: id === '' ? '' : refidOf(id),
      referenceName,
      stratum: sheet.laterNumber('stratum') ?? 0,
      referenceTime: sheet.has('ref time (utc)') ? sheet.time('ref time (utc)') : undefined,
      lastOffset: sheet.laterNumber('last offset'),
      rmsOffset: sheet.laterNumber('rms offset'),
      frequency: sheet.has('frequency') ? sheet.fast('frequency') : undefined,
      residualFrequency: sheet.laterNumber('residual freq'),
      skew: sheet.laterNumber('skew'),
      rootDelay: sheet.laterNumber('root delay'),
      rootDispersion: sheet.laterNumber('root dispersion'),
      updateInterval: sheet.laterNumber('update interval'),
      leap: sheet.has('leap status') ? leapOf(sheet.text('leap status')) : 'unknown',
    },
    sheet.has('system time') ? sheet.fast('system time') : undefined,
  );
}

function complete(values: Omit<Tracking, 'state' | 'offset'>, offset: number | undefined): Tracking {
  const { referenceId, leap } = values;
  if (referenceId !== '' && !/^[0-9A-F]{8}$/.test(referenceId))
    throw new ChronyParseError(`${NAME}: the reference ID is not hexadecimal: ${referenceId.slice(0, 40)}`);
  const state =
    leap === 'unsynchronised' || referenceId === NONE
      ? 'unsynchronised'
      : referenceId === LOCAL
        ? 'local'
        : 'synchronised';
  return { state, ...values, offset: state === 'unsynchronised' ? undefined : offset };
}
