// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { Upgrade as _nodectl_v1_Upgrade, Upgrade__Output as _nodectl_v1_Upgrade__Output } from '../../nodectl/v1/Upgrade.ts';

/**
 * The node goes down.
 */
export interface RebootUpgradeResponse {
  /**
   * How it stands.
   */
  'upgrade'?: (_nodectl_v1_Upgrade | null);
}

/**
 * The node goes down.
 */
export interface RebootUpgradeResponse__Output {
  /**
   * How it stands.
   */
  'upgrade': (_nodectl_v1_Upgrade__Output | null);
}
