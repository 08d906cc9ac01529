// @ts-nocheck
// Original file: nodectl/v1/history.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which series, from when to when, how finely.
 */
export interface ReadHistoryRequest {
  /**
   * Names of series, "area/subject/quantity", in which "*" stands for any characters and "?" for one. Empty reads all.
   */
  'series'?: (string)[];
  /**
   * Only samples at or after this time, in microseconds since the epoch. 0 begins a day before now, or
   * with the oldest sample where that is younger.
   */
  'sinceUsec'?: (number | string | Long);
  /**
   * Only samples before this time, in microseconds since the epoch. 0 ends now.
   */
  'untilUsec'?: (number | string | Long);
  /**
   * At most so many points of a series, 1 to 2,000: the time is cut into so many spans, and each with samples is a point. 0 is 120.
   */
  'maxPoints'?: (number);
}

/**
 * Which series, from when to when, how finely.
 */
export interface ReadHistoryRequest__Output {
  /**
   * Names of series, "area/subject/quantity", in which "*" stands for any characters and "?" for one. Empty reads all.
   */
  'series': (string)[];
  /**
   * Only samples at or after this time, in microseconds since the epoch. 0 begins a day before now, or
   * with the oldest sample where that is younger.
   */
  'sinceUsec': (number);
  /**
   * Only samples before this time, in microseconds since the epoch. 0 ends now.
   */
  'untilUsec': (number);
  /**
   * At most so many points of a series, 1 to 2,000: the time is cut into so many spans, and each with samples is a point. 0 is 120.
   */
  'maxPoints': (number);
}
