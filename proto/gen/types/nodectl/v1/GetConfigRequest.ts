// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Asks for a document.
 */
export interface GetConfigRequest {
  /**
   * The revision, or 0 for the running one.
   */
  'revision'?: (number | string | Long);
}

/**
 * Asks for a document.
 */
export interface GetConfigRequest__Output {
  /**
   * The revision, or 0 for the running one.
   */
  'revision': (number);
}
