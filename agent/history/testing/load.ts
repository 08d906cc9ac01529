/** Numbers such as a big server shows, for measuring how much room and time its history takes. */

import type { Sample } from '../sample.ts';

/** Numbers from 0 to 1 that are the same in every run (a linear congruential generator, Numerical Recipes). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Gives the samples of each tick. Of ten series four are counters of errors that hardly ever grow, two of bytes or packets on
 * busy links, one of events, two are measurements with a digit or two, one is an offset in nanoseconds.
 */
export function bigServer(series: number, seed = 1): () => Sample[] {
  const next = random(seed);
  const values = new Float64Array(series);
  const names = Array.from(
    { length: series },
    (_, at) => `area${at % 7}/device${at >> 3}/quantity_${at % 8}`,
  );
  return () => {
    for (let at = 0; at < series; at++) {
      const value = values[at] ?? 0;
      const kind = at % 10;
      if (kind < 4) values[at] = value + (next() < 0.000_5 ? Math.ceil(next() * 100) : 0);
      else if (kind < 6) values[at] = value + Math.floor(next() * 1e9);
      else if (kind === 6) values[at] = value + Math.floor(next() * 1_000);
      else if (kind < 9) values[at] = Math.round((40 + next() * 5) * 10 ** (kind - 6)) / 10 ** (kind - 6);
      else values[at] = Math.round((next() - 0.5) * 1e5) / 1e9;
    }
    return names.map((name, at) => ({ series: name, value: values[at] ?? 0 }));
  };
}
