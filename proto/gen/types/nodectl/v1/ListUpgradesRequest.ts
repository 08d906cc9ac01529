// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto


/**
 * Asks for upgrades that have ended.
 */
export interface ListUpgradesRequest {
  /**
   * At most so many, 1 to 100; 0 takes 20.
   */
  'pageSize'?: (number);
  /**
   * As the answer before gave it, or empty.
   */
  'pageToken'?: (string);
}

/**
 * Asks for upgrades that have ended.
 */
export interface ListUpgradesRequest__Output {
  /**
   * At most so many, 1 to 100; 0 takes 20.
   */
  'pageSize': (number);
  /**
   * As the answer before gave it, or empty.
   */
  'pageToken': (string);
}
