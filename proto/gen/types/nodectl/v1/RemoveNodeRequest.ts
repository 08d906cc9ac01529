// @ts-nocheck
// Original file: nodectl/v1/issuer.proto


/**
 * Asks to take a node out of the register.
 */
export interface RemoveNodeRequest {
  /**
   * The node's name.
   */
  'node'?: (string);
}

/**
 * Asks to take a node out of the register.
 */
export interface RemoveNodeRequest__Output {
  /**
   * The node's name.
   */
  'node': (string);
}
