// @ts-nocheck
// Original file: nodectl/v1/metrics.proto


/**
 * Metrics.
 */
export interface GetMetricsResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * The text.
   */
  'text'?: (string);
  /**
   * What HTTP calls its format: "application/openmetrics-text; version=1.0.0; charset=utf-8".
   */
  'contentType'?: (string);
}

/**
 * Metrics.
 */
export interface GetMetricsResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * The text.
   */
  'text': (string);
  /**
   * What HTTP calls its format: "application/openmetrics-text; version=1.0.0; charset=utf-8".
   */
  'contentType': (string);
}
