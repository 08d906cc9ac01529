// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * Time stamping of packets.
 */
export interface NicTimestamping {
  /**
   * What it can: "hardware-transmit" and others.
   */
  'capabilities'?: (string)[];
  /**
   * The number of its clock, as in /dev/ptpN.
   */
  'clock'?: (number);
  '_clock'?: "clock";
}

/**
 * Time stamping of packets.
 */
export interface NicTimestamping__Output {
  /**
   * What it can: "hardware-transmit" and others.
   */
  'capabilities': (string)[];
  /**
   * The number of its clock, as in /dev/ptpN.
   */
  'clock'?: (number);
  '_clock'?: "clock";
}
