// @ts-nocheck
// Original file: nodectl/v1/kernel.proto


/**
 * A bit of the taint.
 */
export interface KernelTaint {
  /**
   * The bit.
   */
  'bit'?: (number);
  /**
   * The letter that an oops prints.
   */
  'letter'?: (string);
  /**
   * What it means.
   */
  'meaning'?: (string);
}

/**
 * A bit of the taint.
 */
export interface KernelTaint__Output {
  /**
   * The bit.
   */
  'bit': (number);
  /**
   * The letter that an oops prints.
   */
  'letter': (string);
  /**
   * What it means.
   */
  'meaning': (string);
}
