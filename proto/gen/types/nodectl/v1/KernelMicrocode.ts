// @ts-nocheck
// Original file: nodectl/v1/kernel.proto


/**
 * A revision of the microcode.
 */
export interface KernelMicrocode {
  /**
   * The revision, "0xd0003a5".
   */
  'revision'?: (string);
  /**
   * How many processors run it.
   */
  'processors'?: (number);
}

/**
 * A revision of the microcode.
 */
export interface KernelMicrocode__Output {
  /**
   * The revision, "0xd0003a5".
   */
  'revision': (string);
  /**
   * How many processors run it.
   */
  'processors': (number);
}
