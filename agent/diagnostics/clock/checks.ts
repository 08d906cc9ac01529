/** The checks of the area "clock". */

import type { Check } from '../check.ts';
import { CLOCK_AGREEMENT_CHECKS } from './checks-agreement.ts';
import { CHRONY_LOG_CHECKS } from './checks-chrony-log.ts';
import { CLOCK_HARDWARE_CHECKS } from './checks-hardware.ts';
import { CLOCK_HISTORY_CHECKS } from './checks-history.ts';
import { CLOCK_LOG_CHECKS } from './checks-log.ts';
import { CLOCK_OSCILLATOR_CHECKS } from './checks-oscillator.ts';
import { CLOCK_PACKET_CHECKS } from './checks-packets.ts';
import { CLOCK_PTP_CHECKS } from './checks-ptp.ts';
import { CLOCK_REFERENCE_CHECKS } from './checks-reference.ts';
import { CLOCK_SERVICE_CHECKS } from './checks-service.ts';
import { CLOCK_SOURCE_CHECKS } from './checks-sources.ts';
import { CLOCK_STATE_CHECKS } from './checks-state.ts';
import { CLOCK_STATISTICS_CHECKS } from './checks-statistics.ts';

/** All checks of the area. */
export const CLOCK_CHECKS: readonly Check[] = [
  ...CLOCK_STATE_CHECKS,
  ...CLOCK_REFERENCE_CHECKS,
  ...CLOCK_SOURCE_CHECKS,
  ...CLOCK_AGREEMENT_CHECKS,
  ...CLOCK_STATISTICS_CHECKS,
  ...CLOCK_PACKET_CHECKS,
  ...CLOCK_OSCILLATOR_CHECKS,
  ...CLOCK_HISTORY_CHECKS,
  ...CLOCK_LOG_CHECKS,
  ...CHRONY_LOG_CHECKS,
  ...CLOCK_SERVICE_CHECKS,
  ...CLOCK_HARDWARE_CHECKS,
  ...CLOCK_PTP_CHECKS,
];
