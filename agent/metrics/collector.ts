/** Collectors: each makes metrics of some facts, and can fail without the others. */

import type { Reading } from '../diagnostics/fact.ts';
import type { Family } from './family.ts';

/** A collector. */
export interface Collector {
  /** What it is called in nodectl_collector_success. */
  readonly id: string;
  /** Milliseconds for which its numbers are given again: those that run programs should not do so at every scrape. */
  readonly freshMs: number;
  /** @throws Unavailable where there is nothing to collect, or where it cannot be read */
  readonly collect: (reading: Reading) => Promise<readonly Family[]> | readonly Family[];
}

/** What is read of the kernel's memory alone is read anew each second. */
export const CHEAP_MS = 1_000;
/** What programs are run for, or devices asked. */
export const DEAR_MS = 10_000;
