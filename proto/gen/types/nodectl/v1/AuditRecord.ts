// @ts-nocheck
// Original file: nodectl/v1/access.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One mutating call.
 */
export interface AuditRecord {
  /**
   * The number of the record on this node, from 1.
   */
  'sequence'?: (number | string | Long);
  /**
   * When the call ended, in microseconds since the epoch.
   */
  'timeUsec'?: (number | string | Long);
  /**
   * The caller's identity URI, for example "nodectl://operator/alice/admin".
   */
  'caller'?: (string);
  /**
   * The caller's certificate's serial number in hexadecimal.
   */
  'serial'?: (string);
  /**
   * The address that the call came from.
   */
  'peer'?: (string);
  /**
   * The full name of the method.
   */
  'method'?: (string);
  /**
   * SHA-256 of the request's bytes in hexadecimal.
   */
  'requestSha256'?: (string);
  /**
   * The gRPC status code's name, "OK" for success.
   */
  'status'?: (string);
  /**
   * The reason code of a failure, or empty.
   */
  'reason'?: (string);
  /**
   * SHA-256 over the record before this one and this record, in hexadecimal.
   */
  'chain'?: (string);
}

/**
 * One mutating call.
 */
export interface AuditRecord__Output {
  /**
   * The number of the record on this node, from 1.
   */
  'sequence': (number);
  /**
   * When the call ended, in microseconds since the epoch.
   */
  'timeUsec': (number);
  /**
   * The caller's identity URI, for example "nodectl://operator/alice/admin".
   */
  'caller': (string);
  /**
   * The caller's certificate's serial number in hexadecimal.
   */
  'serial': (string);
  /**
   * The address that the call came from.
   */
  'peer': (string);
  /**
   * The full name of the method.
   */
  'method': (string);
  /**
   * SHA-256 of the request's bytes in hexadecimal.
   */
  'requestSha256': (string);
  /**
   * The gRPC status code's name, "OK" for success.
   */
  'status': (string);
  /**
   * The reason code of a failure, or empty.
   */
  'reason': (string);
  /**
   * SHA-256 over the record before this one and this record, in hexadecimal.
   */
  'chain': (string);
}
