// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto


/**
 * Ends an upgrade.
 */
export interface AbortUpgradeRequest {
  /**
   * The upgrade; empty takes the one that runs.
   */
  'upgradeId'?: (string);
  /**
   * Why, for the history. At most 512 characters.
   */
  'message'?: (string);
}

/**
 * Ends an upgrade.
 */
export interface AbortUpgradeRequest__Output {
  /**
   * The upgrade; empty takes the one that runs.
   */
  'upgradeId': (string);
  /**
   * Why, for the history. At most 512 characters.
   */
  'message': (string);
}
