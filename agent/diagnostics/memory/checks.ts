/** The checks of the area "memory". */

import type { Check } from '../check.ts';

/** All checks of the area. */
export const MEMORY_CHECKS: readonly Check[] = [];
