// @ts-nocheck
// Original file: nodectl/v1/access.proto


/**
 * What was taken off.
 */
export interface AllowResponse {
  /**
   * The node's name.
   */
  'node'?: (string);
  /**
   * Whether there was such an entry.
   */
  'removed'?: (boolean);
}

/**
 * What was taken off.
 */
export interface AllowResponse__Output {
  /**
   * The node's name.
   */
  'node': (string);
  /**
   * Whether there was such an entry.
   */
  'removed': (boolean);
}
