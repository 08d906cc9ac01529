// @ts-nocheck
// Original file: nodectl/v1/issuer.proto


/**
 * What was taken out.
 */
export interface RemoveNodeResponse {
  /**
   * Whether there was such a node.
   */
  'removed'?: (boolean);
}

/**
 * What was taken out.
 */
export interface RemoveNodeResponse__Output {
  /**
   * Whether there was such a node.
   */
  'removed': (boolean);
}
