/** The checks of the area "clock". */

import type { Check } from '../check.ts';

/** All checks of the area. */
export const CLOCK_CHECKS: readonly Check[] = [];
