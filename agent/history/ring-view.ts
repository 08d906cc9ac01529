/**
 * The HistoryView over a ring on disk. Nothing is read before a check asks; what was read is kept until the next row is
 * written, since the checks of a run ask for much the same.
 */

import { readEvents } from './events.ts';
import { type RingSource, type TimedTable, tablesBack } from './reading.ts';
import type { Growth, HistoryView, PastEvent, Point } from './view.ts';

/** Names are gathered from so much of the newest past, in ms: a device that is gone is not asked about for ever. */
const NAMES_MS = 24 * 3_600_000;

/** How old "now" may be, in ms. */
const NOW_MS = 500;

/** The past of a machine, from its files. */
export class RingView implements HistoryView {
  readonly #source: RingSource;
  #loaded: TimedTable[] = [];
  #rest: Generator<TimedTable, void, undefined> | undefined;
  #places = new Map<readonly string[], Map<string, number>>();
  #now = { readAt: Number.NEGATIVE_INFINITY, wall: 0 };

  constructor(source: RingSource) {
    this.#source = source;
  }

  /** Forgets what was read: call it when rows were added. */
  forget(): void {
    this.#loaded = [];
    this.#rest = undefined;
    this.#places = new Map();
    this.#now = { readAt: Number.NEGATIVE_INFINITY, wall: 0 };
  }

  growth(series: string, windowMs: number): Growth | undefined {
    const points = this.points(series, windowMs);
    const first = points[0];
    const last = points.at(-1);
    if (!first || !last || points.length < 2) return undefined;
    let delta = 0;
    for (let at = 1; at < points.length; at++)
      delta += grown(points[at - 1]?.value ?? 0, points[at]?.value ?? 0);
    return { delta, overMs: last.at - first.at };
  }

  points(series: string, windowMs: number): Point[] {
    const from = this.#wall() - windowMs;
    const parts: Point[][] = [];
    for (const table of this.#back()) {
      parts.push(this.#pointsOf(table, series, from));
      if ((table.times[0] ?? 0) < from) break;
    }
    return parts.toReversed().flat();
  }

  lastGrowth(series: string): number | undefined {
    let newer: Point | undefined;
    for (const table of this.#back())
      for (const point of this.#pointsOf(table, series, Number.NEGATIVE_INFINITY).toReversed()) {
        if (newer && grown(point.value, newer.value) > 0) return newer.at;
        newer = point;
      }
    return undefined;
  }

  series(prefix: string): string[] {
    const from = this.#wall() - NAMES_MS;
    const found = new Set<string>();
    for (const { names, times } of this.#back()) {
      for (const name of names) if (name.startsWith(prefix)) found.add(name);
      if ((times[0] ?? 0) < from) break;
    }
    return [...found].sort();
  }

  events(): PastEvent[] {
    return readEvents(this.#source.folder, this.#source.now());
  }

  /** Now, ms since the epoch. Checks ask for hundreds of series at once: the machine is asked once for all of them. */
  #wall(): number {
    const readAt = performance.now();
    if (readAt - this.#now.readAt > NOW_MS) this.#now = { readAt, wall: this.#source.now().wall };
    return this.#now.wall;
  }

  /** The tables, newest first, read as far as they are asked for. */
  *#back(): Generator<TimedTable> {
    this.#rest ??= tablesBack(this.#source);
    for (let at = 0; ; at++) {
      if (at === this.#loaded.length) {
        const { value } = this.#rest.next();
        if (!value) return;
        this.#loaded.push(value);
      }
      yield this.#loaded[at] as TimedTable;
    }
  }

  #pointsOf(table: TimedTable, series: string, from: number): Point[] {
    const { names, times } = table;
    let places = this.#places.get(names);
    if (!places) {
      places = new Map(names.map((name, at) => [name, at]));
      this.#places.set(names, places);
    }
    const index = places.get(series);
    if (index === undefined) return [];
    const points: Point[] = [];
    for (const [row, value] of table.column(index).entries()) {
      const at = times[row] ?? 0;
      if (at >= from && !Number.isNaN(value)) points.push({ at, value });
    }
    return points;
  }
}

/**
 * How much a counter grew from one sample to the next. One that fell began anew at 0: what it shows now is what it grew since.
 * One that fell by less than half did not begin anew: sums over processors waver like that, and show no growth.
 */
export function grown(before: number, after: number): number {
  if (after >= before) return after - before;
  return after < before / 2 ? after : 0;
}
