/** The checks of the area "system". */

import type { Check } from '../check.ts';

/** All checks of the area. */
export const SYSTEM_CHECKS: readonly Check[] = [];
