// @ts-nocheck
// Original file: nodectl/v1/nic.proto


/**
 * Flow control: "on", "off", or empty where that is not known.
 */
export interface NicPause {
  /**
   * Whether it is negotiated.
   */
  'autonegotiate'?: (string);
  /**
   * Whether pause frames that come in are obeyed.
   */
  'rx'?: (string);
  /**
   * Whether pause frames are sent.
   */
  'tx'?: (string);
  /**
   * What came of the negotiation, for receiving.
   */
  'rxNegotiated'?: (string);
  /**
   * What came of the negotiation, for sending.
   */
  'txNegotiated'?: (string);
}

/**
 * Flow control: "on", "off", or empty where that is not known.
 */
export interface NicPause__Output {
  /**
   * Whether it is negotiated.
   */
  'autonegotiate': (string);
  /**
   * Whether pause frames that come in are obeyed.
   */
  'rx': (string);
  /**
   * Whether pause frames are sent.
   */
  'tx': (string);
  /**
   * What came of the negotiation, for receiving.
   */
  'rxNegotiated': (string);
  /**
   * What came of the negotiation, for sending.
   */
  'txNegotiated': (string);
}
