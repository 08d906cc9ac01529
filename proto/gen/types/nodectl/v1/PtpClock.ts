// @ts-nocheck
// Original file: nodectl/v1/clock.proto


/**
 * A PTP clock of the kernel.
 */
export interface PtpClock {
  /**
   * "ptp0".
   */
  'name'?: (string);
  /**
   * What its driver calls it.
   */
  'clockName'?: (string);
  /**
   * Interfaces whose packets it stamps.
   */
  'interfaces'?: (string)[];
}

/**
 * A PTP clock of the kernel.
 */
export interface PtpClock__Output {
  /**
   * "ptp0".
   */
  'name': (string);
  /**
   * What its driver calls it.
   */
  'clockName': (string);
  /**
   * Interfaces whose packets it stamps.
   */
  'interfaces': (string)[];
}
