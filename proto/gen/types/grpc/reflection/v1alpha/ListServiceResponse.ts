// @ts-nocheck
// Original file: grpc/reflection/v1alpha/reflection.proto

import type { ServiceResponse as _grpc_reflection_v1alpha_ServiceResponse, ServiceResponse__Output as _grpc_reflection_v1alpha_ServiceResponse__Output } from '../../../grpc/reflection/v1alpha/ServiceResponse.ts';

/**
 * The services of the server.
 */
export interface ListServiceResponse {
  /**
   * The services.
   */
  'service'?: (_grpc_reflection_v1alpha_ServiceResponse)[];
}

/**
 * The services of the server.
 */
export interface ListServiceResponse__Output {
  /**
   * The services.
   */
  'service': (_grpc_reflection_v1alpha_ServiceResponse__Output)[];
}
