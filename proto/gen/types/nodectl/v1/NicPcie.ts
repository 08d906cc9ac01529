// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * A PCI Express link.
 */
export interface NicPcie {
  /**
   * Transfers a second and lane now, in GT/s.
   */
  'speed'?: (number | string);
  /**
   * Lanes now.
   */
  'width'?: (number);
  /**
   * The most that the device can, in GT/s.
   */
  'maxSpeed'?: (number | string);
  /**
   * The most lanes that the device has.
   */
  'maxWidth'?: (number);
  /**
   * The most that the slot can, in GT/s.
   */
  'slotSpeed'?: (number | string);
  /**
   * The most lanes that the slot has.
   */
  'slotWidth'?: (number);
  '_slotSpeed'?: "slotSpeed";
  '_slotWidth'?: "slotWidth";
}

/**
 * A PCI Express link.
 */
export interface NicPcie__Output {
  /**
   * Transfers a second and lane now, in GT/s.
   */
  'speed': (number);
  /**
   * Lanes now.
   */
  'width': (number);
  /**
   * The most that the device can, in GT/s.
   */
  'maxSpeed': (number);
  /**
   * The most lanes that the device has.
   */
  'maxWidth': (number);
  /**
   * The most that the slot can, in GT/s.
   */
  'slotSpeed'?: (number);
  /**
   * The most lanes that the slot has.
   */
  'slotWidth'?: (number);
  '_slotSpeed'?: "slotSpeed";
  '_slotWidth'?: "slotWidth";
}
