// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { Upgrade as _nodectl_v1_Upgrade, Upgrade__Output as _nodectl_v1_Upgrade__Output } from '../../nodectl/v1/Upgrade.ts';

/**
 * It is confirmed.
 */
export interface ConfirmUpgradeResponse {
  /**
   * How it stands.
   */
  'upgrade'?: (_nodectl_v1_Upgrade | null);
}

/**
 * It is confirmed.
 */
export interface ConfirmUpgradeResponse__Output {
  /**
   * How it stands.
   */
  'upgrade': (_nodectl_v1_Upgrade__Output | null);
}
