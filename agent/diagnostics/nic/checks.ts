/** The checks of the area "nic". */

import type { Check } from '../check.ts';

/** All checks of the area. */
export const NIC_CHECKS: readonly Check[] = [];
