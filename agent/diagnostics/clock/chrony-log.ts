/**
 * What chronyd wrote down of the clock, of captured machines: tracking.log, measurements.log and statistics.log (chrony.conf(5), "log"). Their
 * columns have come at the end over the versions, so the first ones tell.
 */

import { fact } from '../fact.ts';
import { readEach, rowsOf } from '../told/read-each.ts';

/** A row of tracking.log: an update of the clock. */
export interface LoggedUpdate {
  readonly time: string;
  /** Empty where the clock follows none. */
  readonly source: string;
  /** By how much the clock was off, in seconds. */
  readonly offset: number;
  /** How fast the clock would gain, in ppm. */
  readonly frequency: number;
}

/** The last that was written of a source in measurements.log or statistics.log. */
export interface LoggedSource {
  readonly name: string;
  readonly time: string;
  /** By how much the clock was off from it, in seconds; undefined where its answer passed no test. */
  readonly offset: number | undefined;
}

/** What the logs tell. */
export interface ChronyLog {
  readonly updates: readonly LoggedUpdate[];
  readonly sources: readonly LoggedSource[];
}

const TIME = String.raw`^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s+`;
const EXPONENT = String.raw`(-?\d\.\d{1,9}e[+-]\d\d)`;
/** Time, source, stratum, frequency, skew, offset, leap (N + - ?), … */
const TRACKING = new RegExp(
  String.raw`${TIME}(\S{1,64})\s+(\d{1,2})\s+(-?\d{1,6}\.\d{3})\s+-?\d{1,9}\.\d{3}\s+${EXPONENT}(?:\s+([N+?-])\s|\s|$)`,
);
/** Time, source, leap, stratum, tests 1 to 3 and 5 to 7 and A to D, polls, score, offset, … */
const MEASUREMENTS = new RegExp(
  String.raw`${TIME}(\S{1,64})\s+[N+?-]\s+\d{1,2}\s+([01]{3})\s+([01]{3,4})\s+(?:[01]{4}\s+)?-?\d{1,2}\s+-?\d{1,2}\s+\d{1,3}\.\d{1,3}\s+${EXPONENT}\s`,
);
/** Time, source, standard deviation, estimated offset, its deviation, … */
const STATISTICS = new RegExp(
  String.raw`${TIME}(\S{1,64})\s+${EXPONENT}\s+${EXPONENT}\s+-?\d\.\d{1,9}e[+-]\d\d\s+-?\d\.\d{1,9}e[+-]\d\d\s`,
);
/** Heads of the three, of which one without rows is a log that has just begun. */
const HEAD = /^\s+Date \(UTC\) Time\s+IP Address\s+/;

function parse(text: string): ChronyLog | undefined {
  const updates: LoggedUpdate[] = [];
  const sources = new Map<string, LoggedSource>();
  let understood = false;
  for (const row of rowsOf(text)) {
    understood ||= HEAD.test(row);
    const update = TRACKING.exec(row);
    if (update) {
      const [, time = '', name = '', stratum, frequency, offset, leap] = update;
      const none = leap === '?' || (stratum === '0' && name === '0.0.0.0');
      updates.push({ time, source: none ? '' : name, offset: Number(offset), frequency: Number(frequency) });
      continue;
    }
    const measured = MEASUREMENTS.exec(row);
    if (measured) {
      const [, time = '', name = '', first = '', second = '', offset] = measured;
      // The last four are of how long a packet was on its way: chronyd passes over those that took long.
      const good = !/0/.test(first) && !/0/.test(second.slice(0, 3));
      sources.set(name, { name, time, offset: good ? Number(offset) : undefined });
      continue;
    }
    const [, time = '', name = '', , offset] = STATISTICS.exec(row) ?? [];
    if (offset !== undefined) sources.set(name, { name, time, offset: Number(offset) });
  }
  if (!understood && updates.length === 0 && sources.size === 0) return undefined;
  return { updates, sources: [...sources.values()] };
}

/** What chronyd wrote down. @throws Unavailable absent on a running machine, not-captured, nonsense */
export const chronyLog = fact({
  id: 'clock.chrony-log',
  reads: ['tracking.log, measurements.log and statistics.log of chronyd, on a captured machine'],
  limitMs: 2_000,
  read: ({ machine }): ChronyLog => {
    const found = readEach(machine, ['chrony-log'], parse, 'it has no rows of chronyd');
    return {
      updates: found.flatMap(({ updates }) => updates).toSorted((a, b) => (a.time < b.time ? -1 : 1)),
      sources: found.flatMap(({ sources }) => sources),
    };
  },
});
