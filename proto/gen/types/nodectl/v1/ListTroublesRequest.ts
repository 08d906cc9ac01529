// @ts-nocheck
// Original file: nodectl/v1/kernel.proto


/**
 * Asks for known troubles.
 */
export interface ListTroublesRequest {
  /**
   * A kernel: an upstream release ("6.1.64") or what `uname -r` says ("5.14.0-427.el9.x86_64"). Empty lists all troubles.
   */
  'kernel'?: (string);
  /**
   * The distribution whose kernel it is, "debian", where the release does not say so.
   */
  'distribution'?: (string);
  /**
   * The version of the kernel's package, "6.1.64-1", without which Debian's and Ubuntu's kernels cannot be told apart.
   */
  'package'?: (string);
}

/**
 * Asks for known troubles.
 */
export interface ListTroublesRequest__Output {
  /**
   * A kernel: an upstream release ("6.1.64") or what `uname -r` says ("5.14.0-427.el9.x86_64"). Empty lists all troubles.
   */
  'kernel': (string);
  /**
   * The distribution whose kernel it is, "debian", where the release does not say so.
   */
  'distribution': (string);
  /**
   * The version of the kernel's package, "6.1.64-1", without which Debian's and Ubuntu's kernels cannot be told apart.
   */
  'package': (string);
}
