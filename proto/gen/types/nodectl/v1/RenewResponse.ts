// @ts-nocheck
// Original file: nodectl/v1/issuer.proto


/**
 * A new certificate.
 */
export interface RenewResponse {
  /**
   * As in EnrolResponse.
   */
  'certificateChain'?: (string);
  /**
   * As in EnrolResponse.
   */
  'trustBundle'?: (string);
}

/**
 * A new certificate.
 */
export interface RenewResponse__Output {
  /**
   * As in EnrolResponse.
   */
  'certificateChain': (string);
  /**
   * As in EnrolResponse.
   */
  'trustBundle': (string);
}
