// @ts-nocheck
// Original file: nodectl/v1/issuer.proto


/**
 * Changes to a node in the register.
 */
export interface UpdateNodeRequest {
  /**
   * The node's name.
   */
  'node'?: (string);
  /**
   * Labels to set.
   */
  'setLabels'?: ({[key: string]: string});
  /**
   * Labels to remove.
   */
  'removeLabels'?: (string)[];
  /**
   * Addresses to put in place of those known, or empty to leave them.
   */
  'addresses'?: (string)[];
}

/**
 * Changes to a node in the register.
 */
export interface UpdateNodeRequest__Output {
  /**
   * The node's name.
   */
  'node': (string);
  /**
   * Labels to set.
   */
  'setLabels': ({[key: string]: string});
  /**
   * Labels to remove.
   */
  'removeLabels': (string)[];
  /**
   * Addresses to put in place of those known, or empty to leave them.
   */
  'addresses': (string)[];
}
