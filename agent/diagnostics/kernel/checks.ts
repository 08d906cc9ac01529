/** The checks of the area "kernel". */

import type { Check } from '../check.ts';

/** All checks of the area. */
export const KERNEL_CHECKS: readonly Check[] = [];
