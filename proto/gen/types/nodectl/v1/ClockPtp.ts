// @ts-nocheck
// Original file: nodectl/v1/clock.proto

import type { PtpClock as _nodectl_v1_PtpClock, PtpClock__Output as _nodectl_v1_PtpClock__Output } from '../../nodectl/v1/PtpClock.ts';
import type { PtpPort as _nodectl_v1_PtpPort, PtpPort__Output as _nodectl_v1_PtpPort__Output } from '../../nodectl/v1/PtpPort.ts';

/**
 * Precision Time Protocol.
 */
export interface ClockPtp {
  /**
   * The PTP clocks of the kernel.
   */
  'clocks'?: (_nodectl_v1_PtpClock)[];
  /**
   * The ports of ptp4l; none where it does not run.
   */
  'ports'?: (_nodectl_v1_PtpPort)[];
  /**
   * How far ptp4l's clock is ahead of its master, in seconds.
   */
  'offsetSeconds'?: (number | string);
  /**
   * The grandmaster's identity, or empty.
   */
  'grandmaster'?: (string);
  /**
   * The time that a packet takes one way, in seconds.
   */
  'meanPathDelaySeconds'?: (number | string);
  '_offsetSeconds'?: "offsetSeconds";
  '_meanPathDelaySeconds'?: "meanPathDelaySeconds";
}

/**
 * Precision Time Protocol.
 */
export interface ClockPtp__Output {
  /**
   * The PTP clocks of the kernel.
   */
  'clocks': (_nodectl_v1_PtpClock__Output)[];
  /**
   * The ports of ptp4l; none where it does not run.
   */
  'ports': (_nodectl_v1_PtpPort__Output)[];
  /**
   * How far ptp4l's clock is ahead of its master, in seconds.
   */
  'offsetSeconds'?: (number);
  /**
   * The grandmaster's identity, or empty.
   */
  'grandmaster': (string);
  /**
   * The time that a packet takes one way, in seconds.
   */
  'meanPathDelaySeconds'?: (number);
  '_offsetSeconds'?: "offsetSeconds";
  '_meanPathDelaySeconds'?: "meanPathDelaySeconds";
}
