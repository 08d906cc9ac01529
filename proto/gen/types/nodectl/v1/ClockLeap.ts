// @ts-nocheck
// Original file: nodectl/v1/clock.proto

/**
 * What is known of a leap second.
 */
export const ClockLeap = {
  /**
   * Not told.
   */
  CLOCK_LEAP_UNSPECIFIED: 'CLOCK_LEAP_UNSPECIFIED',
  /**
   * None is announced.
   */
  CLOCK_LEAP_NORMAL: 'CLOCK_LEAP_NORMAL',
  /**
   * The last minute of the month will have 61 seconds.
   */
  CLOCK_LEAP_INSERT: 'CLOCK_LEAP_INSERT',
  /**
   * The last minute of the month will have 59 seconds.
   */
  CLOCK_LEAP_DELETE: 'CLOCK_LEAP_DELETE',
  /**
   * The clock is not synchronised.
   */
  CLOCK_LEAP_UNSYNCHRONISED: 'CLOCK_LEAP_UNSYNCHRONISED',
} as const;

/**
 * What is known of a leap second.
 */
export type ClockLeap =
  /**
   * Not told.
   */
  | 'CLOCK_LEAP_UNSPECIFIED'
  | 0
  /**
   * None is announced.
   */
  | 'CLOCK_LEAP_NORMAL'
  | 1
  /**
   * The last minute of the month will have 61 seconds.
   */
  | 'CLOCK_LEAP_INSERT'
  | 2
  /**
   * The last minute of the month will have 59 seconds.
   */
  | 'CLOCK_LEAP_DELETE'
  | 3
  /**
   * The clock is not synchronised.
   */
  | 'CLOCK_LEAP_UNSYNCHRONISED'
  | 4

/**
 * What is known of a leap second.
 */
export type ClockLeap__Output = typeof ClockLeap[keyof typeof ClockLeap]
