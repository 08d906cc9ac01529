// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * The queue in front of a device.
 */
export interface NicQueue {
  /**
   * Queueing disciplines.
   */
  'kinds'?: (string)[];
  /**
   * Packets that they dropped.
   */
  'drops'?: (number | string);
  /**
   * Packets that they passed on.
   */
  'packets'?: (number | string);
  /**
   * Packets that wait.
   */
  'backlog'?: (number);
}

/**
 * The queue in front of a device.
 */
export interface NicQueue__Output {
  /**
   * Queueing disciplines.
   */
  'kinds': (string)[];
  /**
   * Packets that they dropped.
   */
  'drops': (number);
  /**
   * Packets that they passed on.
   */
  'packets': (number);
  /**
   * Packets that wait.
   */
  'backlog': (number);
}
