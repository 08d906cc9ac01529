// @ts-nocheck
// Original file: grpc/health/v1/health.proto


// Original file: grpc/health/v1/health.proto

/**
 * Whether a service serves.
 */
export const _grpc_health_v1_HealthCheckResponse_ServingStatus = {
  /**
   * Not known.
   */
  UNKNOWN: 'UNKNOWN',
  /**
   * It serves.
   */
  SERVING: 'SERVING',
  /**
   * It does not serve.
   */
  NOT_SERVING: 'NOT_SERVING',
  /**
   * There is no such service. Only Watch answers with it.
   */
  SERVICE_UNKNOWN: 'SERVICE_UNKNOWN',
} as const;

/**
 * Whether a service serves.
 */
export type _grpc_health_v1_HealthCheckResponse_ServingStatus =
  /**
   * Not known.
   */
  | 'UNKNOWN'
  | 0
  /**
   * It serves.
   */
  | 'SERVING'
  | 1
  /**
   * It does not serve.
   */
  | 'NOT_SERVING'
  | 2
  /**
   * There is no such service. Only Watch answers with it.
   */
  | 'SERVICE_UNKNOWN'
  | 3

/**
 * Whether a service serves.
 */
export type _grpc_health_v1_HealthCheckResponse_ServingStatus__Output = typeof _grpc_health_v1_HealthCheckResponse_ServingStatus[keyof typeof _grpc_health_v1_HealthCheckResponse_ServingStatus]

/**
 * The state of a service.
 */
export interface HealthCheckResponse {
  /**
   * The state.
   */
  'status'?: (_grpc_health_v1_HealthCheckResponse_ServingStatus);
}

/**
 * The state of a service.
 */
export interface HealthCheckResponse__Output {
  /**
   * The state.
   */
  'status': (_grpc_health_v1_HealthCheckResponse_ServingStatus__Output);
}
