// @ts-nocheck
// Original file: nodectl/v1/logs.proto

/**
 * Why records are missing.
 */
export const LogGapCause = {
  /**
   * Not a cause.
   */
  LOG_GAP_CAUSE_UNSPECIFIED: 'LOG_GAP_CAUSE_UNSPECIFIED',
  /**
   * The kernel's ring buffer was overwritten before it was read.
   */
  LOG_GAP_CAUSE_OVERRUN: 'LOG_GAP_CAUSE_OVERRUN',
  /**
   * The file was truncated before it was read to its end.
   */
  LOG_GAP_CAUSE_TRUNCATED: 'LOG_GAP_CAUSE_TRUNCATED',
  /**
   * What the cursor names has been rotated away or vacuumed.
   */
  LOG_GAP_CAUSE_ROTATED: 'LOG_GAP_CAUSE_ROTATED',
  /**
   * The node was booted since.
   */
  LOG_GAP_CAUSE_REBOOT: 'LOG_GAP_CAUSE_REBOOT',
  /**
   * The reader was too slow for the source, and what it did not take in time was dropped.
   */
  LOG_GAP_CAUSE_SLOW_READER: 'LOG_GAP_CAUSE_SLOW_READER',
  /**
   * Nothing was lost, but the agent may read only a part of the source. Comes first in the stream, also in one that goes on
   * behind a cursor.
   */
  LOG_GAP_CAUSE_NOT_PERMITTED: 'LOG_GAP_CAUSE_NOT_PERMITTED',
} as const;

/**
 * Why records are missing.
 */
export type LogGapCause =
  /**
   * Not a cause.
   */
  | 'LOG_GAP_CAUSE_UNSPECIFIED'
  | 0
  /**
   * The kernel's ring buffer was overwritten before it was read.
   */
  | 'LOG_GAP_CAUSE_OVERRUN'
  | 1
  /**
   * The file was truncated before it was read to its end.
   */
  | 'LOG_GAP_CAUSE_TRUNCATED'
  | 2
  /**
   * What the cursor names has been rotated away or vacuumed.
   */
  | 'LOG_GAP_CAUSE_ROTATED'
  | 3
  /**
   * The node was booted since.
   */
  | 'LOG_GAP_CAUSE_REBOOT'
  | 4
  /**
   * The reader was too slow for the source, and what it did not take in time was dropped.
   */
  | 'LOG_GAP_CAUSE_SLOW_READER'
  | 5
  /**
   * Nothing was lost, but the agent may read only a part of the source. Comes first in the stream, also in one that goes on
   * behind a cursor.
   */
  | 'LOG_GAP_CAUSE_NOT_PERMITTED'
  | 6

/**
 * Why records are missing.
 */
export type LogGapCause__Output = typeof LogGapCause[keyof typeof LogGapCause]
