// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto


/**
 * Watches an upgrade.
 */
export interface WatchUpgradeRequest {
  /**
   * The upgrade; empty takes the one that runs, else the last.
   */
  'upgradeId'?: (string);
}

/**
 * Watches an upgrade.
 */
export interface WatchUpgradeRequest__Output {
  /**
   * The upgrade; empty takes the one that runs, else the last.
   */
  'upgradeId': (string);
}
