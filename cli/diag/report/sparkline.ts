/** A series as a line in a row of a table. */

import { html, type Markup } from './html.ts';
import type { Point, Series } from './model.ts';
import { coordinate } from './scale.ts';

const WIDTH = 132;
const HEIGHT = 24;
const PADDING = 2;

/**
 * The line, with its lowest and highest value between the bounds.
 * @param about what it shows, for those who do not see it
 * @param bounds the values at the lower and upper edge; those of the points where nothing is said
 */
export function sparkline(
  points: readonly Point[],
  about: string,
  bounds: { low?: number; high?: number } = {},
): Markup | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first === last) return undefined;
  const values = points.map(({ value }) => value);
  const low = Math.min(bounds.low ?? Number.POSITIVE_INFINITY, ...values);
  const high = Math.max(bounds.high ?? Number.NEGATIVE_INFINITY, ...values);
  const x = (at: number) => PADDING + ((at - first.at) / (last.at - first.at)) * (WIDTH - 2 * PADDING);
  const y = (value: number) =>
    high > low
      ? HEIGHT - PADDING - ((value - low) / (high - low)) * (HEIGHT - 2 * PADDING)
      : HEIGHT - PADDING;
  const line = points.map(({ at, value }) => `${coordinate(x(at))} ${coordinate(y(value))}`).join('L');
  const area = `M${line}L${WIDTH - PADDING} ${HEIGHT}L${PADDING} ${HEIGHT}z`;
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img"><title>${about}</title><path class="area" d="${area}"/><path class="line" d="M${line}"/></svg>`;
}

/** How fast a counter grew between its samples, per second. Where it began anew nothing is known. */
export function ratesOf(points: readonly Point[]): Point[] {
  return points.slice(1).flatMap(({ at, value }, index) => {
    const before = points[index];
    if (!before || at <= before.at || value < before.value) return [];
    return [{ at, value: ((value - before.value) / (at - before.at)) * 1_000 }];
  });
}

/** Several series of rates as their sum. Samples of one tick have one time. */
export function summed(all: readonly (readonly Point[])[]): Point[] {
  const sums = new Map<number, number>();
  for (const points of all) for (const { at, value } of points) sums.set(at, (sums.get(at) ?? 0) + value);
  return [...sums].sort(([a], [b]) => a - b).map(([at, value]) => ({ at, value }));
}

/** The time from the first to the last sample, in ms. */
export function spanMs(all: readonly Series[]): number {
  const ends = all.flatMap(({ points }) => [points[0], points.at(-1)]).map((point) => point?.at);
  const times = ends.filter((at) => at !== undefined);
  return times.length === 0 ? 0 : Math.max(...times) - Math.min(...times);
}

/** A span in words: "24 h", or "40 min". */
export function spanText(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  return minutes >= 120 ? `${Math.round(minutes / 60)} h` : `${minutes} min`;
}
