// @ts-nocheck
// Original file: nodectl/v1/logs.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Nothing new up to a time.
 */
export interface LogWatermark {
  /**
   * Microseconds since the epoch: no record before this will follow.
   */
  'timeUsec'?: (number | string | Long);
  /**
   * The cursor to resume from, or empty when no record has been passed yet.
   */
  'cursor'?: (string);
}

/**
 * Nothing new up to a time.
 */
export interface LogWatermark__Output {
  /**
   * Microseconds since the epoch: no record before this will follow.
   */
  'timeUsec': (number);
  /**
   * The cursor to resume from, or empty when no record has been passed yet.
   */
  'cursor': (string);
}
