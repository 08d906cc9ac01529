// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto


/**
 * Something that stands against an upgrade.
 */
export interface UpgradeRefusal {
  /**
   * A reason code, as in an error: "IMAGE_WRONG_COMPATIBLE".
   */
  'reason'?: (string);
  /**
   * What it is, a sentence.
   */
  'message'?: (string);
  /**
   * What can be done about it, or empty.
   */
  'hint'?: (string);
}

/**
 * Something that stands against an upgrade.
 */
export interface UpgradeRefusal__Output {
  /**
   * A reason code, as in an error: "IMAGE_WRONG_COMPATIBLE".
   */
  'reason': (string);
  /**
   * What it is, a sentence.
   */
  'message': (string);
  /**
   * What can be done about it, or empty.
   */
  'hint': (string);
}
