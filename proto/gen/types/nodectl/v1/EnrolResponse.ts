// @ts-nocheck
// Original file: nodectl/v1/issuer.proto


/**
 * The node's first certificate.
 */
export interface EnrolResponse {
  /**
   * The node's certificate and the nodes' issuer, leaf first, in PEM.
   */
  'certificateChain'?: (string);
  /**
   * The trust bundle: the root certificates, in PEM.
   */
  'trustBundle'?: (string);
  /**
   * Where to renew ("HOST:PORT"), over mutual TLS.
   */
  'renewalAddress'?: (string);
}

/**
 * The node's first certificate.
 */
export interface EnrolResponse__Output {
  /**
   * The node's certificate and the nodes' issuer, leaf first, in PEM.
   */
  'certificateChain': (string);
  /**
   * The trust bundle: the root certificates, in PEM.
   */
  'trustBundle': (string);
  /**
   * Where to renew ("HOST:PORT"), over mutual TLS.
   */
  'renewalAddress': (string);
}
