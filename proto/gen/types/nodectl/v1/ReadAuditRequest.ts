// @ts-nocheck
// Original file: nodectl/v1/access.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which audit records to read.
 */
export interface ReadAuditRequest {
  /**
   * Only records at or after this time, in microseconds since the epoch. 0 means from the oldest.
   */
  'sinceUsec'?: (number | string | Long);
  /**
   * Only the newest N records. 0 means all.
   */
  'tail'?: (number);
}

/**
 * Which audit records to read.
 */
export interface ReadAuditRequest__Output {
  /**
   * Only records at or after this time, in microseconds since the epoch. 0 means from the oldest.
   */
  'sinceUsec': (number);
  /**
   * Only the newest N records. 0 means all.
   */
  'tail': (number);
}
