// @ts-nocheck
// Original file: nodectl/v1/peer.proto


/**
 * Asks to be called back.
 */
export interface CallBackRequest {
  /**
   * The port that the caller listens on, 1 to 65,535.
   */
  'port'?: (number);
}

/**
 * Asks to be called back.
 */
export interface CallBackRequest__Output {
  /**
   * The port that the caller listens on, 1 to 65,535.
   */
  'port': (number);
}
