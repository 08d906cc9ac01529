// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto


/**
 * Reboots into an armed upgrade.
 */
export interface RebootUpgradeRequest {
  /**
   * The upgrade; empty takes the one that is armed.
   */
  'upgradeId'?: (string);
}

/**
 * Reboots into an armed upgrade.
 */
export interface RebootUpgradeRequest__Output {
  /**
   * The upgrade; empty takes the one that is armed.
   */
  'upgradeId': (string);
}
