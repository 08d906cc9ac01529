// @ts-nocheck
// Original file: nodectl/v1/config.proto


/**
 * A value that is not as it should be. Contents and secrets are digests.
 */
export interface ConfigDifference {
  /**
   * What of the resource: "content", "mode", "value".
   */
  'field'?: (string);
  /**
   * What it is.
   */
  'from'?: (string);
  /**
   * What it should be.
   */
  'to'?: (string);
  /**
   * Where it was asked for: lines of a unified diff, each with "-", "+", a blank or "@@" in front. Never of secrets.
   */
  'diff'?: (string)[];
}

/**
 * A value that is not as it should be. Contents and secrets are digests.
 */
export interface ConfigDifference__Output {
  /**
   * What of the resource: "content", "mode", "value".
   */
  'field': (string);
  /**
   * What it is.
   */
  'from': (string);
  /**
   * What it should be.
   */
  'to': (string);
  /**
   * Where it was asked for: lines of a unified diff, each with "-", "+", a blank or "@@" in front. Never of secrets.
   */
  'diff': (string)[];
}
