/** All readers that are fuzzed. */

import { BOOT_TARGETS } from './boot-targets.ts';
import type { FuzzTarget } from './target.ts';

/** In the order in which they are run. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [...BOOT_TARGETS];
