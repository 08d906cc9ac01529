// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { UpgradeOptions as _nodectl_v1_UpgradeOptions, UpgradeOptions__Output as _nodectl_v1_UpgradeOptions__Output } from '../../nodectl/v1/UpgradeOptions.ts';

/**
 * Boots the other slot.
 */
export interface RollbackUpgradeRequest {
  /**
   * "a" or "b"; empty takes the one that does not run.
   */
  'slot'?: (string);
  /**
   * How it is to be done: confirmation, deadline_seconds, tries, no_reboot, allow_downgrade and message count.
   */
  'options'?: (_nodectl_v1_UpgradeOptions | null);
}

/**
 * Boots the other slot.
 */
export interface RollbackUpgradeRequest__Output {
  /**
   * "a" or "b"; empty takes the one that does not run.
   */
  'slot': (string);
  /**
   * How it is to be done: confirmation, deadline_seconds, tries, no_reboot, allow_downgrade and message count.
   */
  'options': (_nodectl_v1_UpgradeOptions__Output | null);
}
