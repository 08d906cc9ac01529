// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The transfer has ended.
 */
export interface TransferDone {
  /**
   * Received, in bytes.
   */
  'wireBytes'?: (number | string | Long);
}

/**
 * The transfer has ended.
 */
export interface TransferDone__Output {
  /**
   * Received, in bytes.
   */
  'wireBytes': (number);
}
