// @ts-nocheck
// Original file: nodectl/v1/clock.proto

import type { ClockState as _nodectl_v1_ClockState, ClockState__Output as _nodectl_v1_ClockState__Output } from '../../nodectl/v1/ClockState.ts';
import type { ClockDaemon as _nodectl_v1_ClockDaemon, ClockDaemon__Output as _nodectl_v1_ClockDaemon__Output } from '../../nodectl/v1/ClockDaemon.ts';
import type { ClockTimeSource as _nodectl_v1_ClockTimeSource, ClockTimeSource__Output as _nodectl_v1_ClockTimeSource__Output } from '../../nodectl/v1/ClockTimeSource.ts';
import type { ClockKernel as _nodectl_v1_ClockKernel, ClockKernel__Output as _nodectl_v1_ClockKernel__Output } from '../../nodectl/v1/ClockKernel.ts';
import type { ClockSource as _nodectl_v1_ClockSource, ClockSource__Output as _nodectl_v1_ClockSource__Output } from '../../nodectl/v1/ClockSource.ts';
import type { ClockRtc as _nodectl_v1_ClockRtc, ClockRtc__Output as _nodectl_v1_ClockRtc__Output } from '../../nodectl/v1/ClockRtc.ts';
import type { ClockPtp as _nodectl_v1_ClockPtp, ClockPtp__Output as _nodectl_v1_ClockPtp__Output } from '../../nodectl/v1/ClockPtp.ts';
import type { ClockConfiguration as _nodectl_v1_ClockConfiguration, ClockConfiguration__Output as _nodectl_v1_ClockConfiguration__Output } from '../../nodectl/v1/ClockConfiguration.ts';
import type { ReadProblem as _nodectl_v1_ReadProblem, ReadProblem__Output as _nodectl_v1_ReadProblem__Output } from '../../nodectl/v1/ReadProblem.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * The clock.
 */
export interface GetClockResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * Microseconds since the epoch on the node's clock when it answered.
   */
  'nowUsec'?: (number | string | Long);
  /**
   * Whether the clock is set, and how well. Not set where nothing could be read.
   */
  'state'?: (_nodectl_v1_ClockState | null);
  /**
   * The programs about time that run.
   */
  'daemons'?: (_nodectl_v1_ClockDaemon)[];
  /**
   * The sources of time, where a program with a list of them runs.
   */
  'sources'?: (_nodectl_v1_ClockTimeSource)[];
  /**
   * Sources whose name has no address yet; they are not among the sources.
   */
  'unresolvedSources'?: (number);
  /**
   * Sources that are not asked at the moment.
   */
  'offlineSources'?: (number);
  /**
   * The kernel's own state. Not set where it could not be read.
   */
  'kernel'?: (_nodectl_v1_ClockKernel | null);
  /**
   * What the kernel counts time with. Not set where it could not be read.
   */
  'clocksource'?: (_nodectl_v1_ClockSource | null);
  /**
   * The hardware clock. Not set where there is none.
   */
  'rtc'?: (_nodectl_v1_ClockRtc | null);
  /**
   * Precision Time Protocol. Not set where it could not be read.
   */
  'ptp'?: (_nodectl_v1_ClockPtp | null);
  /**
   * How chronyd is configured. Not set where it is not.
   */
  'configuration'?: (_nodectl_v1_ClockConfiguration | null);
  /**
   * The name of the time zone: "UTC", "Europe/Berlin"; empty where it is not told.
   */
  'zone'?: (string);
  /**
   * What could not be read.
   */
  'problems'?: (_nodectl_v1_ReadProblem)[];
}

/**
 * The clock.
 */
export interface GetClockResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * Microseconds since the epoch on the node's clock when it answered.
   */
  'nowUsec': (number);
  /**
   * Whether the clock is set, and how well. Not set where nothing could be read.
   */
  'state': (_nodectl_v1_ClockState__Output | null);
  /**
   * The programs about time that run.
   */
  'daemons': (_nodectl_v1_ClockDaemon__Output)[];
  /**
   * The sources of time, where a program with a list of them runs.
   */
  'sources': (_nodectl_v1_ClockTimeSource__Output)[];
  /**
   * Sources whose name has no address yet; they are not among the sources.
   */
  'unresolvedSources': (number);
  /**
   * Sources that are not asked at the moment.
   */
  'offlineSources': (number);
  /**
   * The kernel's own state. Not set where it could not be read.
   */
  'kernel': (_nodectl_v1_ClockKernel__Output | null);
  /**
   * What the kernel counts time with. Not set where it could not be read.
   */
  'clocksource': (_nodectl_v1_ClockSource__Output | null);
  /**
   * The hardware clock. Not set where there is none.
   */
  'rtc': (_nodectl_v1_ClockRtc__Output | null);
  /**
   * Precision Time Protocol. Not set where it could not be read.
   */
  'ptp': (_nodectl_v1_ClockPtp__Output | null);
  /**
   * How chronyd is configured. Not set where it is not.
   */
  'configuration': (_nodectl_v1_ClockConfiguration__Output | null);
  /**
   * The name of the time zone: "UTC", "Europe/Berlin"; empty where it is not told.
   */
  'zone': (string);
  /**
   * What could not be read.
   */
  'problems': (_nodectl_v1_ReadProblem__Output)[];
}
