// @ts-nocheck
// Original file: nodectl/v1/kernel.proto


/**
 * A witness of a crash.
 */
export interface KernelCrashRecord {
  /**
   * Where it is.
   */
  'path'?: (string);
  /**
   * "panic", "oops", "dump" or empty.
   */
  'kind'?: (string);
  /**
   * Its telling lines.
   */
  'excerpt'?: (string)[];
}

/**
 * A witness of a crash.
 */
export interface KernelCrashRecord__Output {
  /**
   * Where it is.
   */
  'path': (string);
  /**
   * "panic", "oops", "dump" or empty.
   */
  'kind': (string);
  /**
   * Its telling lines.
   */
  'excerpt': (string)[];
}
