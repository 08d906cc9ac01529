// @ts-nocheck
// Original file: nodectl/v1/issuer.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Asks for a token.
 */
export interface CreateTokenRequest {
  /**
   * The node's name: a DNS name of lower-case letters, digits, hyphens and dots, at most 63 characters.
   */
  'node'?: (string);
  /**
   * How long the token can be used, in seconds. 0 means 3,600. At most 604,800.
   */
  'ttlSeconds'?: (number | string | Long);
}

/**
 * Asks for a token.
 */
export interface CreateTokenRequest__Output {
  /**
   * The node's name: a DNS name of lower-case letters, digits, hyphens and dots, at most 63 characters.
   */
  'node': (string);
  /**
   * How long the token can be used, in seconds. 0 means 3,600. At most 604,800.
   */
  'ttlSeconds': (number);
}
