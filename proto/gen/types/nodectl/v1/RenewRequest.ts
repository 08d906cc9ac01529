// @ts-nocheck
// Original file: nodectl/v1/issuer.proto


/**
 * A certificate request.
 */
export interface RenewRequest {
  /**
   * A PKCS #10 certificate request in DER with a P-256 key, signed by that key.
   */
  'csr'?: (Buffer | Uint8Array | string);
  /**
   * As in EnrolRequest.
   */
  'addresses'?: (string)[];
  /**
   * As in EnrolRequest.
   */
  'labels'?: ({[key: string]: string});
}

/**
 * A certificate request.
 */
export interface RenewRequest__Output {
  /**
   * A PKCS #10 certificate request in DER with a P-256 key, signed by that key.
   */
  'csr': (Buffer);
  /**
   * As in EnrolRequest.
   */
  'addresses': (string)[];
  /**
   * As in EnrolRequest.
   */
  'labels': ({[key: string]: string});
}
