// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto


/**
 * What a finding is with.
 */
export interface Subject {
  /**
   * "node", "nic", "disk", "filesystem", "clock" and others.
   */
  'kind'?: (string);
  /**
   * As the machine calls it: "eth0". Empty where the node itself is meant.
   */
  'name'?: (string);
  /**
   * What it is, without its state: driver and device, or model. Empty where nothing is known or it makes no difference.
   */
  'hardware'?: (string);
  /**
   * Values by which the sick may differ from the healthy: "driver", "firmware", "switch" and others.
   */
  'attributes'?: ({[key: string]: string});
}

/**
 * What a finding is with.
 */
export interface Subject__Output {
  /**
   * "node", "nic", "disk", "filesystem", "clock" and others.
   */
  'kind': (string);
  /**
   * As the machine calls it: "eth0". Empty where the node itself is meant.
   */
  'name': (string);
  /**
   * What it is, without its state: driver and device, or model. Empty where nothing is known or it makes no difference.
   */
  'hardware': (string);
  /**
   * Values by which the sick may differ from the healthy: "driver", "firmware", "switch" and others.
   */
  'attributes': ({[key: string]: string});
}
