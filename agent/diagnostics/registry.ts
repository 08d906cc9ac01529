/** All checks and all traits, area by area. */

import type { Area, Check } from './check.ts';
import { CLOCK_CHECKS } from './clock/checks.ts';
import { clockTraits } from './clock/traits.ts';
import { daemonLogChecks } from './daemon-log/checks.ts';
import { DISK_CHECKS } from './disk/checks.ts';
import { diskTraits } from './disk/traits.ts';
import type { Reading } from './fact.ts';
import { KERNEL_CHECKS } from './kernel/checks.ts';
import { logChecks } from './kernel/log-checks.ts';
import { kernelTraits } from './kernel/traits.ts';
import { MEMORY_CHECKS } from './memory/checks.ts';
import { memoryTraits } from './memory/traits.ts';
import { NIC_CHECKS } from './nic/checks.ts';
import { nicTraits } from './nic/traits.ts';
import type { Trait } from './report.ts';
import { SYSTEM_CHECKS } from './system/checks.ts';
import { systemTraits } from './system/traits.ts';
import { TOLD_CHECKS } from './told/checks.ts';

const told = (wanted: Area) => TOLD_CHECKS.filter(({ area }) => area === wanted);

/** Every check, in the order of the areas. The kernel's log tells of all of them. */
export const CHECKS: readonly Check[] = [
  ...KERNEL_CHECKS,
  ...told('kernel'),
  ...[...CLOCK_CHECKS, ...told('clock'), ...logChecks('clock'), ...daemonLogChecks('clock')],
  ...[...NIC_CHECKS, ...told('nic'), ...logChecks('nic'), ...daemonLogChecks('nic')],
  ...[...DISK_CHECKS, ...told('disk'), ...logChecks('disk'), ...daemonLogChecks('disk')],
  ...[...MEMORY_CHECKS, ...told('memory'), ...logChecks('memory'), ...daemonLogChecks('memory')],
  ...[...SYSTEM_CHECKS, ...told('system'), ...logChecks('system'), ...daemonLogChecks('system')],
];

/** Reads the traits of every area. */
export const TRAIT_READERS: readonly ((reading: Reading) => Promise<Trait[]>)[] = [
  kernelTraits,
  clockTraits,
  nicTraits,
  diskTraits,
  memoryTraits,
  systemTraits,
];
