/** What is sampled on the slow tick: each room says which of its numbers are cheap and worth a past. */

import type { Machine } from '../host/machine.ts';

/** One number. */
export interface Sample {
  /** "area/subject/quantity", see view.ts. */
  readonly series: string;
  readonly value: number;
}

/** Reads the numbers of one room. It must be cheap: all of them together have 60 ms of processor time a minute. */
export interface Sampler {
  /** The room: "nic". */
  readonly id: string;
  /** Numbers that cannot be read are left out. @throws Unavailable where none can */
  readonly read: (machine: Machine, signal: AbortSignal) => Promise<readonly Sample[]> | readonly Sample[];
}
