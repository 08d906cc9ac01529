// @ts-nocheck
// Original file: nodectl/v1/kernel.proto


/**
 * A kernel parameter that is configured and not in force.
 */
export interface KernelSysctl {
  /**
   * Its name, "net.ipv4.ip_forward".
   */
  'key'?: (string);
  /**
   * The value that is configured.
   */
  'configured'?: (string);
  /**
   * The value in force; not set where the kernel has no such parameter.
   */
  'actual'?: (string);
  /**
   * The file and line that configures it.
   */
  'where'?: (string);
  '_actual'?: "actual";
}

/**
 * A kernel parameter that is configured and not in force.
 */
export interface KernelSysctl__Output {
  /**
   * Its name, "net.ipv4.ip_forward".
   */
  'key': (string);
  /**
   * The value that is configured.
   */
  'configured': (string);
  /**
   * The value in force; not set where the kernel has no such parameter.
   */
  'actual'?: (string);
  /**
   * The file and line that configures it.
   */
  'where': (string);
  '_actual'?: "actual";
}
