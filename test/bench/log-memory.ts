/** Whether the agent's memory stays flat while it sends much. */

import type { Footprint } from './rig/process.ts';
import { atMost, type Figure, plain, show } from './rig/report.ts';

/** By how much anonymous memory may grow from the first to the last quarter of a long transfer and count as flat. */
const GROWTH_LIMIT_BYTES = 10e6;

/** Figures of an agent's memory during a transfer, from samples in order. */
export function memoryFigures(samples: readonly Footprint[]): Figure[] {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const most = (part: readonly Footprint[]) => Math.max(...part.map(({ anonymousBytes }) => anonymousBytes));
  // The very first transfer fills buffers that are kept and used again.
  const early = most(samples.slice(quarter, 2 * quarter));
  const late = most(samples.slice(-quarter));
  return [
    plain(
      'the agent’s resident memory at most',
      show.megabytes(Math.max(...samples.map((one) => one.residentBytes))),
    ),
    plain('the agent’s anonymous memory at most', show.megabytes(most(samples))),
    atMost(
      '… grown from the second to the last quarter',
      Math.max(0, late - early),
      GROWTH_LIMIT_BYTES,
      show.megabytes,
    ),
  ];
}
