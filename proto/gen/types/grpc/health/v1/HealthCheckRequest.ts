// @ts-nocheck
// Original file: grpc/health/v1/health.proto


/**
 * Which service is asked about: empty means the server as a whole.
 */
export interface HealthCheckRequest {
  /**
   * The service's full name.
   */
  'service'?: (string);
}

/**
 * Which service is asked about: empty means the server as a whole.
 */
export interface HealthCheckRequest__Output {
  /**
   * The service's full name.
   */
  'service': (string);
}
