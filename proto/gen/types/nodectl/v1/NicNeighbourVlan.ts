// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * A VLAN of a switch's port.
 */
export interface NicNeighbourVlan {
  /**
   * Its number.
   */
  'id'?: (number);
  /**
   * Its name, or empty.
   */
  'name'?: (string);
  /**
   * Whether packets without a tag are put into it.
   */
  'untagged'?: (boolean);
}

/**
 * A VLAN of a switch's port.
 */
export interface NicNeighbourVlan__Output {
  /**
   * Its number.
   */
  'id': (number);
  /**
   * Its name, or empty.
   */
  'name': (string);
  /**
   * Whether packets without a tag are put into it.
   */
  'untagged': (boolean);
}
