// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto


/**
 * A value by which nodes differ.
 */
export interface Trait {
  /**
   * "kernel", "os", "model", or with its kind of subject in front: "nic.driver". May be there several times.
   */
  'name'?: (string);
  /**
   * The value.
   */
  'value'?: (string);
}

/**
 * A value by which nodes differ.
 */
export interface Trait__Output {
  /**
   * "kernel", "os", "model", or with its kind of subject in front: "nic.driver". May be there several times.
   */
  'name': (string);
  /**
   * The value.
   */
  'value': (string);
}
