/** The checks of the area "memory". */

import { MEMORY_ACTIVITY_CHECKS } from '../activity/checks.ts';
import type { Check } from '../check.ts';
import { MEMORY_HARDWARE_CHECKS } from './checks-hardware.ts';
import { MEMORY_KERNEL_CHECKS } from './checks-kernel.ts';
import { MEMORY_PRESSURE_CHECKS } from './checks-pressure.ts';
import { MEMORY_USE_CHECKS } from './checks-use.ts';

/** All checks of the area. */
export const MEMORY_CHECKS: readonly Check[] = [
  ...MEMORY_USE_CHECKS,
  ...MEMORY_PRESSURE_CHECKS,
  ...MEMORY_ACTIVITY_CHECKS,
  ...MEMORY_HARDWARE_CHECKS,
  ...MEMORY_KERNEL_CHECKS,
];
