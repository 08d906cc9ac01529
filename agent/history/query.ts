/** Series of the past at length, in few enough points to be sent and looked at. */

import { setImmediate as breathe } from 'node:timers/promises';
import { Failure } from '../../proto/failure.ts';
import { type RingSource, tablesBack } from './reading.ts';
import { grown } from './ring-view.ts';

/** What is asked for. */
export interface HistoryQuery {
  /** Names in which "*" stands for any characters and "?" for one; all where empty. */
  readonly series: readonly string[];
  /** From when on and until before when, ms since the epoch. */
  readonly sinceMs: number;
  readonly untilMs: number;
  /** The time is cut into so many spans, each of which is at most a point. */
  readonly maxPoints: number;
}

/** A series in points, oldest first. */
export interface SeriesPoints {
  readonly name: string;
  /** When the newest sample of each point was taken, ms since the epoch. */
  readonly times: Float64Array;
  /** The newest sample of each point, and the lowest and the highest. */
  readonly values: Float64Array;
  readonly lows: Float64Array;
  readonly highs: Float64Array;
  /** How many samples the points are made of. */
  readonly samples: number;
  /** How much it grew over all samples; see grown() of ring-view.ts. */
  readonly growth: number;
  /** How often it fell. */
  readonly falls: number;
}

/** The most points that may be asked for. */
const MAX_POINTS = 2_000;
/** The most patterns, and the most characters of one. */
const MAX_PATTERNS = 100;
const MAX_PATTERN = 255;
/** So many points of all series together are gathered in memory at 32 bytes each. */
const MAX_CELLS = 1_000_000;

/** Whether a name is one that a pattern means. Linear in the name for each "*" at most. */
export function matches(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let next = 0; next < name.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      resume = next;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[next])) {
      at++;
      next++;
    } else if (star >= 0) {
      at = star + 1;
      next = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** Gathers the samples of one series, from the newest back. */
class Gathering {
  readonly #times: Float64Array;
  readonly #values: Float64Array;
  readonly #lows: Float64Array;
  readonly #highs: Float64Array;
  readonly #query: HistoryQuery;
  #newer: number | undefined;
  #samples = 0;
  #growth = 0;
  #falls = 0;

  constructor(query: HistoryQuery) {
    this.#query = query;
    this.#times = new Float64Array(query.maxPoints).fill(Number.NaN);
    this.#values = new Float64Array(query.maxPoints);
    this.#lows = new Float64Array(query.maxPoints);
    this.#highs = new Float64Array(query.maxPoints);
  }

  add(time: number, value: number): void {
    const { sinceMs, untilMs, maxPoints } = this.#query;
    const at = Math.floor(((time - sinceMs) / (untilMs - sinceMs)) * maxPoints);
    if (Number.isNaN(this.#times[at])) {
      this.#times[at] = time;
      this.#values[at] = value;
      this.#lows[at] = value;
      this.#highs[at] = value;
    } else {
      this.#lows[at] = Math.min(this.#lows[at] ?? value, value);
      this.#highs[at] = Math.max(this.#highs[at] ?? value, value);
    }
    if (this.#newer !== undefined) {
      this.#growth += grown(value, this.#newer);
      if (this.#newer < value) this.#falls++;
    }
    this.#newer = value;
    this.#samples++;
  }

  done(name: string): SeriesPoints {
    const used = (values: Float64Array) => values.filter((_, at) => !Number.isNaN(this.#times[at]));
    return {
      ...{ name, samples: this.#samples, growth: this.#growth, falls: this.#falls },
      ...{ times: used(this.#times), values: used(this.#values) },
      ...{ lows: used(this.#lows), highs: used(this.#highs) },
    };
  }
}

/** When the oldest sample since a time was taken, in whole ms since the epoch; the time itself where there is none. */
export function oldestSince(source: RingSource, sinceMs: number): number {
  let oldest: number | undefined;
  for (const { times } of tablesBack(source)) {
    oldest = times[0];
    if ((oldest ?? 0) < sinceMs) return sinceMs;
  }
  return oldest === undefined ? sinceMs : Math.floor(oldest);
}

/** Reads series, sorted by name. Throws BAD_ARGUMENT. */
export async function* readSeries(
  source: RingSource,
  query: HistoryQuery,
  signal: AbortSignal,
): AsyncGenerator<SeriesPoints, void, undefined> {
  const { series, sinceMs, untilMs, maxPoints } = query;
  checkQuery(query);
  const found = new Map<string, Gathering>();
  for (const { names, times, column } of tablesBack(source)) {
    if ((times[0] ?? 0) < untilMs)
      for (const [index, name] of names.entries()) {
        if (series.length > 0 && !series.some((pattern) => matches(pattern, name))) continue;
        const gathering = found.get(name) ?? new Gathering(query);
        found.set(name, gathering);
        if (found.size * maxPoints > MAX_CELLS)
          throw new Failure('BAD_ARGUMENT', `these are more than ${found.size - 1} series`, {
            hint: `name fewer, or ask for fewer than ${maxPoints} points of each`,
          });
        const values = column(index);
        for (let row = values.length - 1; row >= 0; row--) {
          const time = times[row] ?? 0;
          const value = values[row] ?? Number.NaN;
          if (time >= sinceMs && time < untilMs && !Number.isNaN(value)) gathering.add(time, value);
        }
      }
    if ((times[0] ?? 0) < sinceMs) break;
    // A file takes some milliseconds, and a week has ninety: others are served in between.
    await breathe(undefined, { signal });
  }
  for (const name of [...found.keys()].sort()) {
    const points = found.get(name)?.done(name);
    found.delete(name);
    if (points && points.samples > 0) yield points;
  }
}

function checkQuery({ series, sinceMs, untilMs, maxPoints }: HistoryQuery): void {
  if (series.length > MAX_PATTERNS || series.some((one) => one.length > MAX_PATTERN))
    throw new Failure('BAD_ARGUMENT', 'there are too many names of series, or one is too long', {
      hint: `at most ${MAX_PATTERNS}, each of at most ${MAX_PATTERN} characters; "*" stands for any`,
    });
  if (!Number.isInteger(maxPoints) || maxPoints < 1 || maxPoints > MAX_POINTS)
    throw new Failure('BAD_ARGUMENT', `${maxPoints} points cannot be asked for: 1 to ${MAX_POINTS} can`);
  if (!(sinceMs < untilMs))
    throw new Failure('BAD_ARGUMENT', 'the history is asked for until a time before its beginning');
}
