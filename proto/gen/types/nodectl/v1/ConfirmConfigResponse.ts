// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type { ConfigRevision as _nodectl_v1_ConfigRevision, ConfigRevision__Output as _nodectl_v1_ConfigRevision__Output } from '../../nodectl/v1/ConfigRevision.ts';

/**
 * What was confirmed.
 */
export interface ConfirmConfigResponse {
  /**
   * The revision that runs now.
   */
  'revision'?: (_nodectl_v1_ConfigRevision | null);
}

/**
 * What was confirmed.
 */
export interface ConfirmConfigResponse__Output {
  /**
   * The revision that runs now.
   */
  'revision': (_nodectl_v1_ConfigRevision__Output | null);
}
