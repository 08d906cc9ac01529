// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * Which interfaces, and how much of them.
 */
export interface ListNicsRequest {
  /**
   * Names in which "*" stands for any characters and "?" for one. Empty lists those that have a device, and bonds.
   */
  'interfaces'?: (string)[];
  /**
   * Virtual interfaces too, where no names are given.
   */
  'virtual'?: (boolean);
  /**
   * Everything: settings, rings, offloads, modules, all counters. It has ethtool run a dozen times for each interface.
   */
  'details'?: (boolean);
}

/**
 * Which interfaces, and how much of them.
 */
export interface ListNicsRequest__Output {
  /**
   * Names in which "*" stands for any characters and "?" for one. Empty lists those that have a device, and bonds.
   */
  'interfaces': (string)[];
  /**
   * Virtual interfaces too, where no names are given.
   */
  'virtual': (boolean);
  /**
   * Everything: settings, rings, offloads, modules, all counters. It has ethtool run a dozen times for each interface.
   */
  'details': (boolean);
}
