// @ts-nocheck
// Original file: nodectl/v1/metrics.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetMetricsRequest as _nodectl_v1_GetMetricsRequest, GetMetricsRequest__Output as _nodectl_v1_GetMetricsRequest__Output } from '../../nodectl/v1/GetMetricsRequest.ts';
import type { GetMetricsResponse as _nodectl_v1_GetMetricsResponse, GetMetricsResponse__Output as _nodectl_v1_GetMetricsResponse__Output } from '../../nodectl/v1/GetMetricsResponse.ts';

/**
 * What a node measures of itself, for monitoring.
 */
export interface MetricsServiceClient extends grpc.Client {
  /**
   * All metrics of the node as text, as Prometheus reads it. The node is read once a second at most, and its checks run once in
   * five minutes, however often this is called.
   */
  GetMetrics(argument: _nodectl_v1_GetMetricsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetMetricsResponse__Output>): grpc.ClientUnaryCall;
  GetMetrics(argument: _nodectl_v1_GetMetricsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetMetricsResponse__Output>): grpc.ClientUnaryCall;
  GetMetrics(argument: _nodectl_v1_GetMetricsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetMetricsResponse__Output>): grpc.ClientUnaryCall;
  GetMetrics(argument: _nodectl_v1_GetMetricsRequest, callback: grpc.requestCallback<_nodectl_v1_GetMetricsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * All metrics of the node as text, as Prometheus reads it. The node is read once a second at most, and its checks run once in
   * five minutes, however often this is called.
   */
  getMetrics(argument: _nodectl_v1_GetMetricsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetMetricsResponse__Output>): grpc.ClientUnaryCall;
  getMetrics(argument: _nodectl_v1_GetMetricsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetMetricsResponse__Output>): grpc.ClientUnaryCall;
  getMetrics(argument: _nodectl_v1_GetMetricsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetMetricsResponse__Output>): grpc.ClientUnaryCall;
  getMetrics(argument: _nodectl_v1_GetMetricsRequest, callback: grpc.requestCallback<_nodectl_v1_GetMetricsResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * What a node measures of itself, for monitoring.
 */
export interface MetricsServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * All metrics of the node as text, as Prometheus reads it. The node is read once a second at most, and its checks run once in
   * five minutes, however often this is called.
   */
  GetMetrics: grpc.handleUnaryCall<_nodectl_v1_GetMetricsRequest__Output, _nodectl_v1_GetMetricsResponse>;
  
}

export interface MetricsServiceDefinition extends grpc.ServiceDefinition {
  GetMetrics: MethodDefinition<_nodectl_v1_GetMetricsRequest, _nodectl_v1_GetMetricsResponse, _nodectl_v1_GetMetricsRequest__Output, _nodectl_v1_GetMetricsResponse__Output>
}
