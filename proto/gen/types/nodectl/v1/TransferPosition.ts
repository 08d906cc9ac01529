// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A place in an image.
 */
export interface TransferPosition {
  /**
   * Which part of it: "root", "kernel" or "initrd".
   */
  'role'?: (string);
  /**
   * Bytes from its beginning, a multiple of 4,096 or its end.
   */
  'offset'?: (number | string | Long);
}

/**
 * A place in an image.
 */
export interface TransferPosition__Output {
  /**
   * Which part of it: "root", "kernel" or "initrd".
   */
  'role': (string);
  /**
   * Bytes from its beginning, a multiple of 4,096 or its end.
   */
  'offset': (number);
}
