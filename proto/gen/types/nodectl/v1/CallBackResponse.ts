// @ts-nocheck
// Original file: nodectl/v1/peer.proto


/**
 * Whether the caller was reached.
 */
export interface CallBackResponse {
  /**
   * The name of the node that tells, as in its certificate.
   */
  'node'?: (string);
  /**
   * Whether the caller answered over mutual TLS, as the node of its name.
   */
  'seen'?: (boolean);
  /**
   * Why it was not reached, a sentence without a full stop; empty where it was.
   */
  'why'?: (string);
}

/**
 * Whether the caller was reached.
 */
export interface CallBackResponse__Output {
  /**
   * The name of the node that tells, as in its certificate.
   */
  'node': (string);
  /**
   * Whether the caller answered over mutual TLS, as the node of its name.
   */
  'seen': (boolean);
  /**
   * Why it was not reached, a sentence without a full stop; empty where it was.
   */
  'why': (string);
}
