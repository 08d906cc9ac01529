// @ts-nocheck
// Original file: nodectl/v1/access.proto


/**
 * What became of the node's trust.
 */
export interface ChangeTrustResponse {
  /**
   * The node's name.
   */
  'node'?: (string);
  /**
   * What the statement says of the root: "trust" or "distrust".
   */
  'change'?: (string);
  /**
   * SHA-256 of the root's certificate that it is about, in hexadecimal with colons.
   */
  'root'?: (string);
  /**
   * Whether the node's trust is, or would be, another than before.
   */
  'changed'?: (boolean);
  /**
   * SHA-256 of the roots that are, or would be, trusted from now on.
   */
  'trusted'?: (string)[];
  /**
   * SHA-256 of the root that the node's own certificate leads to.
   */
  'ownRoot'?: (string);
}

/**
 * What became of the node's trust.
 */
export interface ChangeTrustResponse__Output {
  /**
   * The node's name.
   */
  'node': (string);
  /**
   * What the statement says of the root: "trust" or "distrust".
   */
  'change': (string);
  /**
   * SHA-256 of the root's certificate that it is about, in hexadecimal with colons.
   */
  'root': (string);
  /**
   * Whether the node's trust is, or would be, another than before.
   */
  'changed': (boolean);
  /**
   * SHA-256 of the roots that are, or would be, trusted from now on.
   */
  'trusted': (string)[];
  /**
   * SHA-256 of the root that the node's own certificate leads to.
   */
  'ownRoot': (string);
}
