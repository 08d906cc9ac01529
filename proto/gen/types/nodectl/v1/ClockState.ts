// @ts-nocheck
// Original file: nodectl/v1/clock.proto

import type { ClockSync as _nodectl_v1_ClockSync, ClockSync__Output as _nodectl_v1_ClockSync__Output } from '../../nodectl/v1/ClockSync.ts';
import type { ClockLeap as _nodectl_v1_ClockLeap, ClockLeap__Output as _nodectl_v1_ClockLeap__Output } from '../../nodectl/v1/ClockLeap.ts';

/**
 * Whether the clock is set, and how well.
 */
export interface ClockState {
  /**
   * The program that tells: "chrony", "ntpd", "timesyncd"; "kernel" where only the kernel does.
   */
  'daemon'?: (string);
  /**
   * Its version, or empty.
   */
  'version'?: (string);
  /**
   * Whether the clock is set.
   */
  'sync'?: (_nodectl_v1_ClockSync);
  /**
   * Name or address of the source that it follows, or empty.
   */
  'source'?: (string);
  /**
   * Hops from a reference clock.
   */
  'stratum'?: (number);
  /**
   * The leap status.
   */
  'leap'?: (_nodectl_v1_ClockLeap);
  /**
   * How far the clock is ahead, in seconds.
   */
  'offsetSeconds'?: (number | string);
  /**
   * How fast it would gain if it were left alone, in parts per million.
   */
  'frequencyPpm'?: (number | string);
  /**
   * Bound of the frequency's error, in parts per million.
   */
  'skewPpm'?: (number | string);
  /**
   * Round-trip time to the reference clock, in seconds.
   */
  'rootDelaySeconds'?: (number | string);
  /**
   * Error that was collected on the way from the reference clock, in seconds.
   */
  'rootDispersionSeconds'?: (number | string);
  /**
   * How wrong the clock can be at most while its sources are right, in seconds.
   */
  'errorBoundSeconds'?: (number | string);
  /**
   * Seconds since the last measurement that was used.
   */
  'updatedAgoSeconds'?: (number | string);
  '_stratum'?: "stratum";
  '_offsetSeconds'?: "offsetSeconds";
  '_frequencyPpm'?: "frequencyPpm";
  '_skewPpm'?: "skewPpm";
  '_rootDelaySeconds'?: "rootDelaySeconds";
  '_rootDispersionSeconds'?: "rootDispersionSeconds";
  '_errorBoundSeconds'?: "errorBoundSeconds";
  '_updatedAgoSeconds'?: "updatedAgoSeconds";
}

/**
 * Whether the clock is set, and how well.
 */
export interface ClockState__Output {
  /**
   * The program that tells: "chrony", "ntpd", "timesyncd"; "kernel" where only the kernel does.
   */
  'daemon': (string);
  /**
   * Its version, or empty.
   */
  'version': (string);
  /**
   * Whether the clock is set.
   */
  'sync': (_nodectl_v1_ClockSync__Output);
  /**
   * Name or address of the source that it follows, or empty.
   */
  'source': (string);
  /**
   * Hops from a reference clock.
   */
  'stratum'?: (number);
  /**
   * The leap status.
   */
  'leap': (_nodectl_v1_ClockLeap__Output);
  /**
   * How far the clock is ahead, in seconds.
   */
  'offsetSeconds'?: (number);
  /**
   * How fast it would gain if it were left alone, in parts per million.
   */
  'frequencyPpm'?: (number);
  /**
   * Bound of the frequency's error, in parts per million.
   */
  'skewPpm'?: (number);
  /**
   * Round-trip time to the reference clock, in seconds.
   */
  'rootDelaySeconds'?: (number);
  /**
   * Error that was collected on the way from the reference clock, in seconds.
   */
  'rootDispersionSeconds'?: (number);
  /**
   * How wrong the clock can be at most while its sources are right, in seconds.
   */
  'errorBoundSeconds'?: (number);
  /**
   * Seconds since the last measurement that was used.
   */
  'updatedAgoSeconds'?: (number);
  '_stratum'?: "stratum";
  '_offsetSeconds'?: "offsetSeconds";
  '_frequencyPpm'?: "frequencyPpm";
  '_skewPpm'?: "skewPpm";
  '_rootDelaySeconds'?: "rootDelaySeconds";
  '_rootDispersionSeconds'?: "rootDispersionSeconds";
  '_errorBoundSeconds'?: "errorBoundSeconds";
  '_updatedAgoSeconds'?: "updatedAgoSeconds";
}
