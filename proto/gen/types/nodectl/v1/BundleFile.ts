// @ts-nocheck
// Original file: nodectl/v1/bundle.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A file of a bundle.
 */
export interface BundleFile {
  /**
   * Relative to the folder of the node, parts separated by "/": "proc/meminfo".
   */
  'path'?: (string);
  /**
   * How many bytes follow.
   */
  'size'?: (number | string | Long);
  /**
   * SHA-256 of the bytes, in lower-case hexadecimal.
   */
  'sha256'?: (string);
}

/**
 * A file of a bundle.
 */
export interface BundleFile__Output {
  /**
   * Relative to the folder of the node, parts separated by "/": "proc/meminfo".
   */
  'path': (string);
  /**
   * How many bytes follow.
   */
  'size': (number);
  /**
   * SHA-256 of the bytes, in lower-case hexadecimal.
   */
  'sha256': (string);
}
