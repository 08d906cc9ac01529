// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * A VLAN interface.
 */
export interface NicVlan {
  /**
   * Its number.
   */
  'id'?: (number);
  /**
   * The interface that it stands on.
   */
  'parent'?: (string);
}

/**
 * A VLAN interface.
 */
export interface NicVlan__Output {
  /**
   * Its number.
   */
  'id': (number);
  /**
   * The interface that it stands on.
   */
  'parent': (string);
}
