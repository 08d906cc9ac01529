// @ts-nocheck
// Original file: nodectl/v1/clock.proto


/**
 * A program about time.
 */
export interface ClockDaemon {
  /**
   * "chronyd", "ntpd", "systemd-timesyncd", "ptp4l", "phc2sys" and others.
   */
  'name'?: (string);
  /**
   * Whether it sets the system's clock.
   */
  'setsClock'?: (boolean);
}

/**
 * A program about time.
 */
export interface ClockDaemon__Output {
  /**
   * "chronyd", "ntpd", "systemd-timesyncd", "ptp4l", "phc2sys" and others.
   */
  'name': (string);
  /**
   * Whether it sets the system's clock.
   */
  'setsClock': (boolean);
}
