// @ts-nocheck
// Original file: nodectl/v1/clock.proto

/**
 * Whether a clock is set.
 */
export const ClockSync = {
  /**
   * Not told.
   */
  CLOCK_SYNC_UNSPECIFIED: 'CLOCK_SYNC_UNSPECIFIED',
  /**
   * It follows a source.
   */
  CLOCK_SYNC_SYNCHRONISED: 'CLOCK_SYNC_SYNCHRONISED',
  /**
   * Its program serves its own clock as if it were right.
   */
  CLOCK_SYNC_LOCAL: 'CLOCK_SYNC_LOCAL',
  /**
   * Nothing sets it.
   */
  CLOCK_SYNC_UNSYNCHRONISED: 'CLOCK_SYNC_UNSYNCHRONISED',
} as const;

/**
 * Whether a clock is set.
 */
export type ClockSync =
  /**
   * Not told.
   */
  | 'CLOCK_SYNC_UNSPECIFIED'
  | 0
  /**
   * It follows a source.
   */
  | 'CLOCK_SYNC_SYNCHRONISED'
  | 1
  /**
   * Its program serves its own clock as if it were right.
   */
  | 'CLOCK_SYNC_LOCAL'
  | 2
  /**
   * Nothing sets it.
   */
  | 'CLOCK_SYNC_UNSYNCHRONISED'
  | 3

/**
 * Whether a clock is set.
 */
export type ClockSync__Output = typeof ClockSync[keyof typeof ClockSync]
