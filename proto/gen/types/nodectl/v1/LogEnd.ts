// @ts-nocheck
// Original file: nodectl/v1/logs.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The read is complete.
 */
export interface LogEnd {
  /**
   * Records that were sent.
   */
  'records'?: (number | string | Long);
  /**
   * The cursor to resume from, or empty when the source holds nothing.
   */
  'cursor'?: (string);
}

/**
 * The read is complete.
 */
export interface LogEnd__Output {
  /**
   * Records that were sent.
   */
  'records': (number);
  /**
   * The cursor to resume from, or empty when the source holds nothing.
   */
  'cursor': (string);
}
