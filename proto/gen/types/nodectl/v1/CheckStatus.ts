// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto

/**
 * How a check ended.
 */
export const CheckStatus = {
  /**
   * Not a status.
   */
  CHECK_STATUS_UNSPECIFIED: 'CHECK_STATUS_UNSPECIFIED',
  /**
   * It ran and found nothing.
   */
  CHECK_STATUS_OK: 'CHECK_STATUS_OK',
  /**
   * It ran and found something.
   */
  CHECK_STATUS_FINDINGS: 'CHECK_STATUS_FINDINGS',
  /**
   * It could not be made: nothing is known of what it looks for.
   */
  CHECK_STATUS_SKIPPED: 'CHECK_STATUS_SKIPPED',
  /**
   * There is nothing on this node that it could look at.
   */
  CHECK_STATUS_NOT_APPLICABLE: 'CHECK_STATUS_NOT_APPLICABLE',
} as const;

/**
 * How a check ended.
 */
export type CheckStatus =
  /**
   * Not a status.
   */
  | 'CHECK_STATUS_UNSPECIFIED'
  | 0
  /**
   * It ran and found nothing.
   */
  | 'CHECK_STATUS_OK'
  | 1
  /**
   * It ran and found something.
   */
  | 'CHECK_STATUS_FINDINGS'
  | 2
  /**
   * It could not be made: nothing is known of what it looks for.
   */
  | 'CHECK_STATUS_SKIPPED'
  | 3
  /**
   * There is nothing on this node that it could look at.
   */
  | 'CHECK_STATUS_NOT_APPLICABLE'
  | 4

/**
 * How a check ended.
 */
export type CheckStatus__Output = typeof CheckStatus[keyof typeof CheckStatus]
