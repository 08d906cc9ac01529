// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * An offload.
 */
export interface NicFeature {
  /**
   * ethtool's name of it.
   */
  'name'?: (string);
  /**
   * Whether it is on.
   */
  'on'?: (boolean);
  /**
   * Whether the device cannot change it.
   */
  'fixed'?: (boolean);
  /**
   * Whether the opposite was asked for.
   */
  'refused'?: (boolean);
}

/**
 * An offload.
 */
export interface NicFeature__Output {
  /**
   * ethtool's name of it.
   */
  'name': (string);
  /**
   * Whether it is on.
   */
  'on': (boolean);
  /**
   * Whether the device cannot change it.
   */
  'fixed': (boolean);
  /**
   * Whether the opposite was asked for.
   */
  'refused': (boolean);
}
