// @ts-nocheck
// Original file: nodectl/v1/config.proto


/**
 * Ends a trial by putting everything back.
 */
export interface RevertConfigRequest {
  /**
   * Why, for the history.
   */
  'reason'?: (string);
  /**
   * Leaves what cannot be put back as it is, and says so in the history.
   */
  'giveUp'?: (boolean);
}

/**
 * Ends a trial by putting everything back.
 */
export interface RevertConfigRequest__Output {
  /**
   * Why, for the history.
   */
  'reason': (string);
  /**
   * Leaves what cannot be put back as it is, and says so in the history.
   */
  'giveUp': (boolean);
}
