// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * Sizes of rings, in entries.
 */
export interface NicRings {
  /**
   * Of the receive ring.
   */
  'rx'?: (number);
  /**
   * The most that it can have.
   */
  'rxMax'?: (number);
  /**
   * Of the transmit ring.
   */
  'tx'?: (number);
  /**
   * The most that it can have.
   */
  'txMax'?: (number);
  '_rx'?: "rx";
  '_rxMax'?: "rxMax";
  '_tx'?: "tx";
  '_txMax'?: "txMax";
}

/**
 * Sizes of rings, in entries.
 */
export interface NicRings__Output {
  /**
   * Of the receive ring.
   */
  'rx'?: (number);
  /**
   * The most that it can have.
   */
  'rxMax'?: (number);
  /**
   * Of the transmit ring.
   */
  'tx'?: (number);
  /**
   * The most that it can have.
   */
  'txMax'?: (number);
  '_rx'?: "rx";
  '_rxMax'?: "rxMax";
  '_tx'?: "tx";
  '_txMax'?: "txMax";
}
