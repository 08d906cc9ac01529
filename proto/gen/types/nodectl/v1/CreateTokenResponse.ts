// @ts-nocheck
// Original file: nodectl/v1/issuer.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A token.
 */
export interface CreateTokenResponse {
  /**
   * The token. It is a secret, is shown once and is kept only as a digest.
   */
  'token'?: (string);
  /**
   * When it ends, in seconds since the epoch.
   */
  'notAfter'?: (number | string | Long);
}

/**
 * A token.
 */
export interface CreateTokenResponse__Output {
  /**
   * The token. It is a secret, is shown once and is kept only as a digest.
   */
  'token': (string);
  /**
   * When it ends, in seconds since the epoch.
   */
  'notAfter': (number);
}
