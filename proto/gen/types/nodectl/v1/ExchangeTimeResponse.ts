// @ts-nocheck
// Original file: nodectl/v1/clock.proto


/**
 * The time.
 */
export interface ExchangeTimeResponse {
  /**
   * When the request came in: microseconds since the epoch on the node's clock.
   */
  'receiveUsec'?: (number | string);
  /**
   * When the answer went out, on the same clock.
   */
  'transmitUsec'?: (number | string);
}

/**
 * The time.
 */
export interface ExchangeTimeResponse__Output {
  /**
   * When the request came in: microseconds since the epoch on the node's clock.
   */
  'receiveUsec': (number);
  /**
   * When the answer went out, on the same clock.
   */
  'transmitUsec': (number);
}
