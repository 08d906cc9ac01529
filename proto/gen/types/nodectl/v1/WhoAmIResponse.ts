// @ts-nocheck
// Original file: nodectl/v1/access.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Who the node takes the caller for.
 */
export interface WhoAmIResponse {
  /**
   * The node's name.
   */
  'node'?: (string);
  /**
   * The caller's name, as in its certificate.
   */
  'name'?: (string);
  /**
   * The caller's role: "reader", "operator" or "admin".
   */
  'role'?: (string);
  /**
   * The caller's certificate's serial number in hexadecimal.
   */
  'serial'?: (string);
  /**
   * When the caller's certificate ends, in seconds since the epoch.
   */
  'notAfter'?: (number | string | Long);
}

/**
 * Who the node takes the caller for.
 */
export interface WhoAmIResponse__Output {
  /**
   * The node's name.
   */
  'node': (string);
  /**
   * The caller's name, as in its certificate.
   */
  'name': (string);
  /**
   * The caller's role: "reader", "operator" or "admin".
   */
  'role': (string);
  /**
   * The caller's certificate's serial number in hexadecimal.
   */
  'serial': (string);
  /**
   * When the caller's certificate ends, in seconds since the epoch.
   */
  'notAfter': (number);
}
