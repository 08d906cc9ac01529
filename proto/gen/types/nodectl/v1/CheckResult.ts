// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto

import type { CheckStatus as _nodectl_v1_CheckStatus, CheckStatus__Output as _nodectl_v1_CheckStatus__Output } from '../../nodectl/v1/CheckStatus.ts';

/**
 * How a check ended.
 */
export interface CheckResult {
  /**
   * The check's id.
   */
  'id'?: (string);
  /**
   * How it ended.
   */
  'status'?: (_nodectl_v1_CheckStatus);
  /**
   * Why it was skipped or does not apply, or empty.
   */
  'reason'?: (string);
}

/**
 * How a check ended.
 */
export interface CheckResult__Output {
  /**
   * The check's id.
   */
  'id': (string);
  /**
   * How it ended.
   */
  'status': (_nodectl_v1_CheckStatus__Output);
  /**
   * Why it was skipped or does not apply, or empty.
   */
  'reason': (string);
}
