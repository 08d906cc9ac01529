/** The checks of the area "disk". */

import type { Check } from '../check.ts';

/** All checks of the area. */
export const DISK_CHECKS: readonly Check[] = [];
