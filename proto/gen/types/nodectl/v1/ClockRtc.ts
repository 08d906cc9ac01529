// @ts-nocheck
// Original file: nodectl/v1/clock.proto


/**
 * The hardware clock.
 */
export interface ClockRtc {
  /**
   * "rtc0", or empty where a saved output tells of it.
   */
  'device'?: (string);
  /**
   * Its driver.
   */
  'driver'?: (string);
  /**
   * Whether it runs in local time.
   */
  'local'?: (boolean);
  /**
   * How far it is ahead of the system's clock, in seconds, to about half a second.
   */
  'offsetSeconds'?: (number | string);
  '_local'?: "local";
  '_offsetSeconds'?: "offsetSeconds";
}

/**
 * The hardware clock.
 */
export interface ClockRtc__Output {
  /**
   * "rtc0", or empty where a saved output tells of it.
   */
  'device': (string);
  /**
   * Its driver.
   */
  'driver': (string);
  /**
   * Whether it runs in local time.
   */
  'local'?: (boolean);
  /**
   * How far it is ahead of the system's clock, in seconds, to about half a second.
   */
  'offsetSeconds'?: (number);
  '_local'?: "local";
  '_offsetSeconds'?: "offsetSeconds";
}
