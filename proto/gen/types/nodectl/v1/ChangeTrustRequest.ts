// @ts-nocheck
// Original file: nodectl/v1/access.proto


/**
 * Asks to take a statement into the node's trust.
 */
export interface ChangeTrustRequest {
  /**
   * The statement as "nodectl pki hand-over" writes it, signed by a root that the node trusts.
   */
  'statement'?: (string);
  /**
   * Only check the request and say what would be done.
   */
  'validateOnly'?: (boolean);
}

/**
 * Asks to take a statement into the node's trust.
 */
export interface ChangeTrustRequest__Output {
  /**
   * The statement as "nodectl pki hand-over" writes it, signed by a root that the node trusts.
   */
  'statement': (string);
  /**
   * Only check the request and say what would be done.
   */
  'validateOnly': (boolean);
}
