// @ts-nocheck
// Original file: nodectl/v1/issuer.proto


/**
 * A token and a certificate request.
 */
export interface EnrolRequest {
  /**
   * The token, as `nodectl pki token` printed it.
   */
  'token'?: (string);
  /**
   * A PKCS #10 certificate request in DER with a P-256 key, signed by that key.
   */
  'csr'?: (Buffer | Uint8Array | string);
  /**
   * Addresses ("HOST:PORT") under which the node says that it can be reached. At most 16. They are a hint for the
   * register and give no right to a name.
   */
  'addresses'?: (string)[];
  /**
   * Labels from the node's configuration for the register. At most 64.
   */
  'labels'?: ({[key: string]: string});
}

/**
 * A token and a certificate request.
 */
export interface EnrolRequest__Output {
  /**
   * The token, as `nodectl pki token` printed it.
   */
  'token': (string);
  /**
   * A PKCS #10 certificate request in DER with a P-256 key, signed by that key.
   */
  'csr': (Buffer);
  /**
   * Addresses ("HOST:PORT") under which the node says that it can be reached. At most 16. They are a hint for the
   * register and give no right to a name.
   */
  'addresses': (string)[];
  /**
   * Labels from the node's configuration for the register. At most 64.
   */
  'labels': ({[key: string]: string});
}
