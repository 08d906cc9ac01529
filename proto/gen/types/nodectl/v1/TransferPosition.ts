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
  /**
   * In the answer to a TransferStart that compares: the node has the block index of an earlier stream and goes on to say which blocks it
   * lacks, so that the index is not to be sent again.
   */
  'indexKept'?: (boolean);
  /**
   * In the answer to a TransferStart that leaves them out: the parts, "kernel" and "initrd", that the running slot has beside the boot
   * loader with the digests of the image. No operations of them may come; the node copies them.
   */
  'held'?: (string)[];
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
  /**
   * In the answer to a TransferStart that compares: the node has the block index of an earlier stream and goes on to say which blocks it
   * lacks, so that the index is not to be sent again.
   */
  'indexKept': (boolean);
  /**
   * In the answer to a TransferStart that leaves them out: the parts, "kernel" and "initrd", that the running slot has beside the boot
   * loader with the digests of the image. No operations of them may come; the node copies them.
   */
  'held': (string)[];
}
