// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { Upgrade as _nodectl_v1_Upgrade, Upgrade__Output as _nodectl_v1_Upgrade__Output } from '../../nodectl/v1/Upgrade.ts';

/**
 * How it stands now.
 */
export interface WatchUpgradeResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * The upgrade.
   */
  'upgrade'?: (_nodectl_v1_Upgrade | null);
}

/**
 * How it stands now.
 */
export interface WatchUpgradeResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * The upgrade.
   */
  'upgrade': (_nodectl_v1_Upgrade__Output | null);
}
