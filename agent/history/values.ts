/** Samples of a tick as the values of a row. */

import { MAX_NAME, MAX_SERIES } from './rows.ts';
import type { Sample } from './sample.ts';

/** Digits that are kept of what is no whole number: a part in a thousand million, and half the bytes of a double. */
const DIGITS = 9;
/**
 * From here on thousandths are kept in place of so many digits: the time of boot in seconds since the epoch has ten before the
 * point, and what is rounded to tens there looks like a clock that was stepped.
 */
const LARGE = 1e6;

/** The series of a head: places of names in its rows, and whether there are names that are not written yet. */
export interface SeriesList {
  readonly names: Map<string, number>;
  /** What rows refer to the written names by; undefined where names came on. */
  key: number | undefined;
  /** How many samples of the newest row were not kept: there were too many series, or their names were too long. */
  left: number;
}

/** The values of a row in the order of the names, NaN where there is none. Names that are new are added. */
export function valuesOf(series: SeriesList, samples: readonly Sample[]): Float64Array {
  const { names } = series;
  series.left = 0;
  for (const { series: name } of samples) {
    if (names.has(name)) continue;
    if (names.size >= MAX_SERIES || Buffer.byteLength(name) > MAX_NAME) series.left++;
    else {
      names.set(name, names.size);
      series.key = undefined;
    }
  }
  const values = new Float64Array(names.size).fill(Number.NaN);
  for (const { series: name, value } of samples) {
    const at = names.get(name);
    // Adding 0 makes -0 the usual one.
    if (at !== undefined && Number.isFinite(value)) values[at] = rounded(value) + 0;
  }
  return values;
}

function rounded(value: number): number {
  if (Number.isInteger(value)) return value;
  return Math.abs(value) < LARGE ? Number(value.toPrecision(DIGITS)) : Math.round(value * 1_000) / 1_000;
}
