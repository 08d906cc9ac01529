// @ts-nocheck
// Original file: nodectl/v1/metrics.proto

import type { MetricsFormat as _nodectl_v1_MetricsFormat, MetricsFormat__Output as _nodectl_v1_MetricsFormat__Output } from '../../nodectl/v1/MetricsFormat.ts';

/**
 * Asks for metrics.
 */
export interface GetMetricsRequest {
  /**
   * How they are written.
   */
  'format'?: (_nodectl_v1_MetricsFormat);
}

/**
 * Asks for metrics.
 */
export interface GetMetricsRequest__Output {
  /**
   * How they are written.
   */
  'format': (_nodectl_v1_MetricsFormat__Output);
}
