// @ts-nocheck
// Original file: nodectl/v1/history.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The samples of a series.
 */
export interface HistorySeries {
  /**
   * "nic/eth0/rx_errors"
   */
  'name'?: (string);
  /**
   * When each point was sampled: milliseconds since the epoch, the first as it is, each other as what it is after the one before.
   */
  'timeDeltas'?: (number | string | Long)[];
  /**
   * The newest sample of each point.
   */
  'values'?: (number | string)[];
  /**
   * The lowest sample of each point. Empty where every point is one sample.
   */
  'lows'?: (number | string)[];
  /**
   * The highest sample of each point. Empty where every point is one sample.
   */
  'highs'?: (number | string)[];
  /**
   * How many samples the points are made of.
   */
  'samples'?: (number | string | Long);
  /**
   * How much it grew over all samples, where a fall to less than half is a counter that began anew at 0.
   */
  'growth'?: (number | string);
  /**
   * How often it fell from one sample to the next.
   */
  'falls'?: (number | string | Long);
}

/**
 * The samples of a series.
 */
export interface HistorySeries__Output {
  /**
   * "nic/eth0/rx_errors"
   */
  'name': (string);
  /**
   * When each point was sampled: milliseconds since the epoch, the first as it is, each other as what it is after the one before.
   */
  'timeDeltas': (number)[];
  /**
   * The newest sample of each point.
   */
  'values': (number)[];
  /**
   * The lowest sample of each point. Empty where every point is one sample.
   */
  'lows': (number)[];
  /**
   * The highest sample of each point. Empty where every point is one sample.
   */
  'highs': (number)[];
  /**
   * How many samples the points are made of.
   */
  'samples': (number);
  /**
   * How much it grew over all samples, where a fall to less than half is a counter that began anew at 0.
   */
  'growth': (number);
  /**
   * How often it fell from one sample to the next.
   */
  'falls': (number);
}
