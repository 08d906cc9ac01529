// @ts-nocheck
// Original file: nodectl/v1/config.proto


/**
 * The key.
 */
export interface GetSealKeyResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * An age recipient.
   */
  'recipient'?: (string);
}

/**
 * The key.
 */
export interface GetSealKeyResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * An age recipient.
   */
  'recipient': (string);
}
