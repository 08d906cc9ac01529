// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type { ConfigRevision as _nodectl_v1_ConfigRevision, ConfigRevision__Output as _nodectl_v1_ConfigRevision__Output } from '../../nodectl/v1/ConfigRevision.ts';

/**
 * What was put back.
 */
export interface RevertConfigResponse {
  /**
   * The revision that was tried.
   */
  'revision'?: (_nodectl_v1_ConfigRevision | null);
}

/**
 * What was put back.
 */
export interface RevertConfigResponse__Output {
  /**
   * The revision that was tried.
   */
  'revision': (_nodectl_v1_ConfigRevision__Output | null);
}
