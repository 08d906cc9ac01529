// @ts-nocheck
// Original file: nodectl/v1/kernel.proto


/**
 * A fault of the processor.
 */
export interface KernelMitigation {
  /**
   * Its name as the kernel has it.
   */
  'name'?: (string);
  /**
   * "unaffected", "mitigated", "partly", "open" or "unknown".
   */
  'state'?: (string);
  /**
   * What the kernel says of it.
   */
  'text'?: (string);
}

/**
 * A fault of the processor.
 */
export interface KernelMitigation__Output {
  /**
   * Its name as the kernel has it.
   */
  'name': (string);
  /**
   * "unaffected", "mitigated", "partly", "open" or "unknown".
   */
  'state': (string);
  /**
   * What the kernel says of it.
   */
  'text': (string);
}
