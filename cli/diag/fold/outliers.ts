/** Values that stand out among their peers, by the median and the median absolute deviation. */

import type { Member, Outlier } from './model.ts';

/** Fewer peers than this have no middle. */
export const MIN_PEERS = 5;
/** Modified z-scores above this stand out (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993). */
const LIMIT = 3.5;
/** MAD / 0.6745 and the mean absolute deviation times 1.253314 estimate the standard deviation of a normal distribution. */
const MAD_SCALE = 1 / 0.6745;
const MEAN_SCALE = 1.253314;

/** The middle of some numbers; NaN where there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * By how many estimated standard deviations each value is off the median, with its sign. Where more than half of the values
 * are equal the MAD is 0 and the mean deviation takes its place.
 */
function scores(values: readonly number[]): number[] {
  const middle = median(values);
  const off = values.map((value) => Math.abs(value - middle));
  const mean = off.reduce((sum, one) => sum + one, 0) / Math.max(1, off.length);
  const spread = median(off) * MAD_SCALE || mean * MEAN_SCALE;
  return values.map((value) => (spread > 0 ? (value - middle) / spread : 0));
}

/** In one trouble: for each parameter the node that stands out most, where one does. */
export function outliersOf(members: readonly Member[]): Outlier[] {
  const keys = new Set(members.flatMap(({ finding }) => Object.keys(finding.parameters)));
  return [...keys].sort().flatMap((parameter): Outlier[] => {
    const known = members.flatMap(({ node, finding }) => {
      const text = finding.parameters[parameter] ?? '';
      const value = text.trim() === '' ? Number.NaN : Number(text);
      return Number.isFinite(value) ? [{ node, value }] : [];
    });
    if (new Set(known.map(({ node }) => node)).size < MIN_PEERS) return [];
    const values = known.map(({ value }) => value);
    const off = scores(values).map(Math.abs);
    const at = off.indexOf(off.reduce((most, one) => Math.max(most, one), 0));
    const found = known[at];
    if (!found || (off[at] ?? 0) <= LIMIT) return [];
    return [{ ...found, parameter, median: median(values) }];
  });
}
