// @ts-nocheck
// Original file: nodectl/v1/clock.proto


/**
 * What the kernel counts time with.
 */
export interface ClockSource {
  /**
   * "tsc", "kvm-clock", "hpet" and others.
   */
  'current'?: (string);
  /**
   * Those that it could use.
   */
  'available'?: (string)[];
  /**
   * The hypervisor below, as far as the machine tells: "kvm", "hyperv", "vmware", "xen"; else empty.
   */
  'hypervisor'?: (string);
}

/**
 * What the kernel counts time with.
 */
export interface ClockSource__Output {
  /**
   * "tsc", "kvm-clock", "hpet" and others.
   */
  'current': (string);
  /**
   * Those that it could use.
   */
  'available': (string)[];
  /**
   * The hypervisor below, as far as the machine tells: "kvm", "hyperv", "vmware", "xen"; else empty.
   */
  'hypervisor': (string);
}
