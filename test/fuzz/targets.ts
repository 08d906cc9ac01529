/** All readers that are fuzzed. */

import { BOOT_TARGETS } from './boot-targets.ts';
import { IMAGE_TARGETS } from './image-targets.ts';
import type { FuzzTarget } from './target.ts';

/** In the order in which they are run. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [...IMAGE_TARGETS, ...BOOT_TARGETS];
