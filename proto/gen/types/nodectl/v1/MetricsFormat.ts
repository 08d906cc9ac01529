// @ts-nocheck
// Original file: nodectl/v1/metrics.proto

/**
 * Formats of metrics.
 */
export const MetricsFormat = {
  /**
   * OpenMetrics 1.0.0, as METRICS_FORMAT_OPENMETRICS.
   */
  METRICS_FORMAT_UNSPECIFIED: 'METRICS_FORMAT_UNSPECIFIED',
  /**
   * OpenMetrics 1.0.0.
   */
  METRICS_FORMAT_OPENMETRICS: 'METRICS_FORMAT_OPENMETRICS',
  /**
   * The text format of Prometheus, 0.0.4.
   */
  METRICS_FORMAT_PROMETHEUS: 'METRICS_FORMAT_PROMETHEUS',
} as const;

/**
 * Formats of metrics.
 */
export type MetricsFormat =
  /**
   * OpenMetrics 1.0.0, as METRICS_FORMAT_OPENMETRICS.
   */
  | 'METRICS_FORMAT_UNSPECIFIED'
  | 0
  /**
   * OpenMetrics 1.0.0.
   */
  | 'METRICS_FORMAT_OPENMETRICS'
  | 1
  /**
   * The text format of Prometheus, 0.0.4.
   */
  | 'METRICS_FORMAT_PROMETHEUS'
  | 2

/**
 * Formats of metrics.
 */
export type MetricsFormat__Output = typeof MetricsFormat[keyof typeof MetricsFormat]
