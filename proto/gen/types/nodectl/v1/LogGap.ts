// @ts-nocheck
// Original file: nodectl/v1/logs.proto

import type { LogGapCause as _nodectl_v1_LogGapCause, LogGapCause__Output as _nodectl_v1_LogGapCause__Output } from '../../nodectl/v1/LogGapCause.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Records were lost, or may not be read.
 */
export interface LogGap {
  /**
   * How many records are missing, or -1 when that cannot be known.
   */
  'records'?: (number | string | Long);
  /**
   * How many bytes were lost, or 0 when unknown.
   */
  'bytes'?: (number | string | Long);
  /**
   * Why.
   */
  'cause'?: (_nodectl_v1_LogGapCause);
  /**
   * The same in words, for a person.
   */
  'detail'?: (string);
}

/**
 * Records were lost, or may not be read.
 */
export interface LogGap__Output {
  /**
   * How many records are missing, or -1 when that cannot be known.
   */
  'records': (number);
  /**
   * How many bytes were lost, or 0 when unknown.
   */
  'bytes': (number);
  /**
   * Why.
   */
  'cause': (_nodectl_v1_LogGapCause__Output);
  /**
   * The same in words, for a person.
   */
  'detail': (string);
}
