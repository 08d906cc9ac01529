// @ts-nocheck
// Original file: nodectl/v1/issuer.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A node in the register.
 */
export interface RegisteredNode {
  /**
   * The node's name.
   */
  'name'?: (string);
  /**
   * Addresses ("HOST:PORT"), the best first.
   */
  'addresses'?: (string)[];
  /**
   * Labels: the node's own, overlaid by those set with UpdateNode.
   */
  'labels'?: ({[key: string]: string});
  /**
   * When the node was first enrolled, in seconds since the epoch.
   */
  'enrolledAt'?: (number | string | Long);
  /**
   * When its newest certificate was issued, in seconds since the epoch.
   */
  'issuedAt'?: (number | string | Long);
  /**
   * When its newest certificate ends, in seconds since the epoch.
   */
  'notAfter'?: (number | string | Long);
  /**
   * The newest certificate's serial number in hexadecimal.
   */
  'serial'?: (string);
}

/**
 * A node in the register.
 */
export interface RegisteredNode__Output {
  /**
   * The node's name.
   */
  'name': (string);
  /**
   * Addresses ("HOST:PORT"), the best first.
   */
  'addresses': (string)[];
  /**
   * Labels: the node's own, overlaid by those set with UpdateNode.
   */
  'labels': ({[key: string]: string});
  /**
   * When the node was first enrolled, in seconds since the epoch.
   */
  'enrolledAt': (number);
  /**
   * When its newest certificate was issued, in seconds since the epoch.
   */
  'issuedAt': (number);
  /**
   * When its newest certificate ends, in seconds since the epoch.
   */
  'notAfter': (number);
  /**
   * The newest certificate's serial number in hexadecimal.
   */
  'serial': (string);
}
