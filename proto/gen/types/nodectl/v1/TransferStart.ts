// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto


/**
 * Names the upgrade and the way.
 */
export interface TransferStart {
  /**
   * The upgrade.
   */
  'upgradeId'?: (string);
  /**
   * Whether a block index follows, for the node to say which blocks it lacks. Not where the answer says that it has the index, or that
   * the root is complete: then the operations follow at once.
   */
  'compare'?: (boolean);
  /**
   * Whether the sender leaves out the parts that the answer says the node has itself.
   */
  'leaveOutHeld'?: (boolean);
}

/**
 * Names the upgrade and the way.
 */
export interface TransferStart__Output {
  /**
   * The upgrade.
   */
  'upgradeId': (string);
  /**
   * Whether a block index follows, for the node to say which blocks it lacks. Not where the answer says that it has the index, or that
   * the root is complete: then the operations follow at once.
   */
  'compare': (boolean);
  /**
   * Whether the sender leaves out the parts that the answer says the node has itself.
   */
  'leaveOutHeld': (boolean);
}
