/** What a benchmark is. */

import type { Findings } from './rig/report.ts';
import type { Rig } from './rig/rig.ts';

/** One benchmark of the suite. */
export interface Bench {
  /** What `--only` selects it by. */
  name: string;
  /** What it measures, in one sentence without a final full stop. */
  title: string;
  /** What is missing here for running it, or undefined. */
  missing(): string | undefined;
  /** Measures. Throws when something fails that should work. */
  run(rig: Rig): Promise<Findings>;
}
