// @ts-nocheck
// Original file: google/rpc/status.proto

import type { Any as _google_protobuf_Any, Any__Output as _google_protobuf_Any__Output } from '../../google/protobuf/Any.ts';

/**
 * An error with its details.
 */
export interface Status {
  /**
   * The gRPC status code.
   */
  'code'?: (number);
  /**
   * The message for a person.
   */
  'message'?: (string);
  /**
   * Details, each one of the messages of error_details.proto.
   */
  'details'?: (_google_protobuf_Any)[];
}

/**
 * An error with its details.
 */
export interface Status__Output {
  /**
   * The gRPC status code.
   */
  'code': (number);
  /**
   * The message for a person.
   */
  'message': (string);
  /**
   * Details, each one of the messages of error_details.proto.
   */
  'details': (_google_protobuf_Any__Output)[];
}
