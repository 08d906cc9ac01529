/** The checks of the area "kernel". */

import type { Check } from '../check.ts';
import { KNOWN_CHECKS } from '../known/checks.ts';
import { BOOT_CHECKS } from './checks-boot.ts';
import { CRASH_CHECKS } from './checks-crash.ts';
import { HARDENING_CHECKS } from './checks-hardening.ts';
import { LIMIT_CHECKS } from './checks-limits.ts';
import { TAINT_CHECKS } from './checks-taint.ts';
import { logChecks } from './log-checks.ts';

/** All checks of the area. */
export const KERNEL_CHECKS: readonly Check[] = [
  ...TAINT_CHECKS,
  ...HARDENING_CHECKS,
  ...BOOT_CHECKS,
  ...CRASH_CHECKS,
  ...LIMIT_CHECKS,
  ...logChecks('kernel'),
  ...KNOWN_CHECKS,
];
