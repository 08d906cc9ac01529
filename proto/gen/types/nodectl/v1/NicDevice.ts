// @ts-nocheck
// Original file: nodectl/v1/nic.proto

import type { NicPcie as _nodectl_v1_NicPcie, NicPcie__Output as _nodectl_v1_NicPcie__Output } from '../../nodectl/v1/NicPcie.ts';

/**
 * The device behind an interface.
 */
export interface NicDevice {
  /**
   * The driver: "mlx5_core".
   */
  'driver'?: (string);
  /**
   * The driver's version, or the kernel's.
   */
  'driverVersion'?: (string);
  /**
   * The device's firmware, as the driver words it.
   */
  'firmware'?: (string);
  /**
   * "pci", "usb", "virtio" and others.
   */
  'bus'?: (string);
  /**
   * Where on the bus: "0000:3b:00.0".
   */
  'address'?: (string);
  /**
   * Vendor, device and their subsystem in four hexadecimal digits each: "15b3:1017:15b3:0020".
   */
  'ids'?: (string);
  /**
   * The NUMA node that it is nearest to.
   */
  'numaNode'?: (number);
  /**
   * The PCI Express link. Not set where there is none.
   */
  'pcie'?: (_nodectl_v1_NicPcie | null);
  /**
   * What the driver's module taints the kernel with, or empty: "OE".
   */
  'moduleTaint'?: (string);
  /**
   * How many functions it lends out.
   */
  'virtualFunctions'?: (number);
  /**
   * What the port is called, or empty: "p0".
   */
  'portName'?: (string);
  '_numaNode'?: "numaNode";
}

/**
 * The device behind an interface.
 */
export interface NicDevice__Output {
  /**
   * The driver: "mlx5_core".
   */
  'driver': (string);
  /**
   * The driver's version, or the kernel's.
   */
  'driverVersion': (string);
  /**
   * The device's firmware, as the driver words it.
   */
  'firmware': (string);
  /**
   * "pci", "usb", "virtio" and others.
   */
  'bus': (string);
  /**
   * Where on the bus: "0000:3b:00.0".
   */
  'address': (string);
  /**
   * Vendor, device and their subsystem in four hexadecimal digits each: "15b3:1017:15b3:0020".
   */
  'ids': (string);
  /**
   * The NUMA node that it is nearest to.
   */
  'numaNode'?: (number);
  /**
   * The PCI Express link. Not set where there is none.
   */
  'pcie': (_nodectl_v1_NicPcie__Output | null);
  /**
   * What the driver's module taints the kernel with, or empty: "OE".
   */
  'moduleTaint': (string);
  /**
   * How many functions it lends out.
   */
  'virtualFunctions': (number);
  /**
   * What the port is called, or empty: "p0".
   */
  'portName': (string);
  '_numaNode'?: "numaNode";
}
