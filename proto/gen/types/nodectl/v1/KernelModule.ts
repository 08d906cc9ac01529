// @ts-nocheck
// Original file: nodectl/v1/kernel.proto


/**
 * A module of note.
 */
export interface KernelModule {
  /**
   * Its name.
   */
  'name'?: (string);
  /**
   * The letters that it taints the kernel with: P proprietary, O out of tree, E unsigned, F forced, C staging, K live patch.
   */
  'taints'?: (string);
  /**
   * Where it is forbidden although it is loaded, or empty.
   */
  'forbiddenIn'?: (string);
}

/**
 * A module of note.
 */
export interface KernelModule__Output {
  /**
   * Its name.
   */
  'name': (string);
  /**
   * The letters that it taints the kernel with: P proprietary, O out of tree, E unsigned, F forced, C staging, K live patch.
   */
  'taints': (string);
  /**
   * Where it is forbidden although it is loaded, or empty.
   */
  'forbiddenIn': (string);
}
