// @ts-nocheck
// Original file: nodectl/v1/access.proto

import type { Long } from '@grpc/proto-loader';

/**
 * An entry of the denylist.
 */
export interface Denied {
  /**
   * An operator's or node's identity URI such as "nodectl://operator/alice", or "serial:" and a certificate's
   * serial number in hexadecimal.
   */
  'subject'?: (string);
  /**
   * Why, in the words of who denied it.
   */
  'reason'?: (string);
  /**
   * Who denied it.
   */
  'by'?: (string);
  /**
   * When, in microseconds since the epoch.
   */
  'timeUsec'?: (number | string | Long);
}

/**
 * An entry of the denylist.
 */
export interface Denied__Output {
  /**
   * An operator's or node's identity URI such as "nodectl://operator/alice", or "serial:" and a certificate's
   * serial number in hexadecimal.
   */
  'subject': (string);
  /**
   * Why, in the words of who denied it.
   */
  'reason': (string);
  /**
   * Who denied it.
   */
  'by': (string);
  /**
   * When, in microseconds since the epoch.
   */
  'timeUsec': (number);
}
