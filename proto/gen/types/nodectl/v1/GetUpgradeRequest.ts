// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto


/**
 * Asks how an upgrade stands.
 */
export interface GetUpgradeRequest {
  /**
   * The upgrade; empty takes the one that runs, else the last.
   */
  'upgradeId'?: (string);
}

/**
 * Asks how an upgrade stands.
 */
export interface GetUpgradeRequest__Output {
  /**
   * The upgrade; empty takes the one that runs, else the last.
   */
  'upgradeId': (string);
}
