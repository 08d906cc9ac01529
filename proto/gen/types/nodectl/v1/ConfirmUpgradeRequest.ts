// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto


/**
 * Confirms an upgrade.
 */
export interface ConfirmUpgradeRequest {
  /**
   * The upgrade; must be named, so that nobody confirms another one.
   */
  'upgradeId'?: (string);
}

/**
 * Confirms an upgrade.
 */
export interface ConfirmUpgradeRequest__Output {
  /**
   * The upgrade; must be named, so that nobody confirms another one.
   */
  'upgradeId': (string);
}
