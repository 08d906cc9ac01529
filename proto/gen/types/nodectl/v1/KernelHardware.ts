// @ts-nocheck
// Original file: nodectl/v1/kernel.proto


/**
 * The hardware that the kernel runs on.
 */
export interface KernelHardware {
  /**
   * Vendor and product of the DMI table.
   */
  'model'?: (string);
  /**
   * Version and date of the BIOS.
   */
  'bios'?: (string);
  /**
   * The processors' name.
   */
  'processor'?: (string);
  /**
   * How many processors there are.
   */
  'processorCount'?: (number);
  /**
   * "kvm", "vmware" and others, "none" on bare metal, or empty where that is not known.
   */
  'virtualisation'?: (string);
}

/**
 * The hardware that the kernel runs on.
 */
export interface KernelHardware__Output {
  /**
   * Vendor and product of the DMI table.
   */
  'model': (string);
  /**
   * Version and date of the BIOS.
   */
  'bios': (string);
  /**
   * The processors' name.
   */
  'processor': (string);
  /**
   * How many processors there are.
   */
  'processorCount': (number);
  /**
   * "kvm", "vmware" and others, "none" on bare metal, or empty where that is not known.
   */
  'virtualisation': (string);
}
