// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * A lane of a module.
 */
export interface NicModuleLane {
  /**
   * Its number, from 1.
   */
  'lane'?: (number);
  /**
   * The laser's current, in mA.
   */
  'biasMilliampere'?: (number | string);
  /**
   * The light that it sends, in dBm.
   */
  'txDbm'?: (number | string);
  /**
   * The light that it receives, in dBm.
   */
  'rxDbm'?: (number | string);
  /**
   * Whether it receives no light at all.
   */
  'dark'?: (boolean);
  '_biasMilliampere'?: "biasMilliampere";
  '_txDbm'?: "txDbm";
  '_rxDbm'?: "rxDbm";
}

/**
 * A lane of a module.
 */
export interface NicModuleLane__Output {
  /**
   * Its number, from 1.
   */
  'lane': (number);
  /**
   * The laser's current, in mA.
   */
  'biasMilliampere'?: (number);
  /**
   * The light that it sends, in dBm.
   */
  'txDbm'?: (number);
  /**
   * The light that it receives, in dBm.
   */
  'rxDbm'?: (number);
  /**
   * Whether it receives no light at all.
   */
  'dark': (boolean);
  '_biasMilliampere'?: "biasMilliampere";
  '_txDbm'?: "txDbm";
  '_rxDbm'?: "rxDbm";
}
