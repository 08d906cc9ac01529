// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { Upgrade as _nodectl_v1_Upgrade, Upgrade__Output as _nodectl_v1_Upgrade__Output } from '../../nodectl/v1/Upgrade.ts';

/**
 * The rollback has begun.
 */
export interface RollbackUpgradeResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * It is followed as an upgrade is.
   */
  'upgrade'?: (_nodectl_v1_Upgrade | null);
}

/**
 * The rollback has begun.
 */
export interface RollbackUpgradeResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * It is followed as an upgrade is.
   */
  'upgrade': (_nodectl_v1_Upgrade__Output | null);
}
