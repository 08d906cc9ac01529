// @ts-nocheck
// Original file: nodectl/v1/kernel.proto


/**
 * What is installed, and what the next boot will bring.
 */
export interface KernelInstalled {
  /**
   * Releases that are installed, oldest first.
   */
  'releases'?: (string)[];
  /**
   * Why a reboot is pending, each a phrase. Empty where none is.
   */
  'rebootReasons'?: (string)[];
  /**
   * Whether the running kernel's modules are gone from the disk.
   */
  'modulesGone'?: (boolean);
  /**
   * Modules that DKMS keeps: "zfs 2.2.2: 6.1.0-28-amd64".
   */
  'dkms'?: (string)[];
  /**
   * Live patches that are in force.
   */
  'livePatches'?: (string)[];
}

/**
 * What is installed, and what the next boot will bring.
 */
export interface KernelInstalled__Output {
  /**
   * Releases that are installed, oldest first.
   */
  'releases': (string)[];
  /**
   * Why a reboot is pending, each a phrase. Empty where none is.
   */
  'rebootReasons': (string)[];
  /**
   * Whether the running kernel's modules are gone from the disk.
   */
  'modulesGone': (boolean);
  /**
   * Modules that DKMS keeps: "zfs 2.2.2: 6.1.0-28-amd64".
   */
  'dkms': (string)[];
  /**
   * Live patches that are in force.
   */
  'livePatches': (string)[];
}
