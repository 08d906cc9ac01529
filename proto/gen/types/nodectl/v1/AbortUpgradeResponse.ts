// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { Upgrade as _nodectl_v1_Upgrade, Upgrade__Output as _nodectl_v1_Upgrade__Output } from '../../nodectl/v1/Upgrade.ts';

/**
 * It has ended, or the node reboots to end it.
 */
export interface AbortUpgradeResponse {
  /**
   * How it stands.
   */
  'upgrade'?: (_nodectl_v1_Upgrade | null);
}

/**
 * It has ended, or the node reboots to end it.
 */
export interface AbortUpgradeResponse__Output {
  /**
   * How it stands.
   */
  'upgrade': (_nodectl_v1_Upgrade__Output | null);
}
