// @ts-nocheck
// Original file: nodectl/v1/history.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ReadHistoryRequest as _nodectl_v1_ReadHistoryRequest, ReadHistoryRequest__Output as _nodectl_v1_ReadHistoryRequest__Output } from '../../nodectl/v1/ReadHistoryRequest.ts';
import type { ReadHistoryResponse as _nodectl_v1_ReadHistoryResponse, ReadHistoryResponse__Output as _nodectl_v1_ReadHistoryResponse__Output } from '../../nodectl/v1/ReadHistoryResponse.ts';

/**
 * What a node has sampled of itself: counters and measurements on a slow tick, kept for some days.
 */
export interface HistoryServiceClient extends grpc.Client {
  /**
   * Reads series. The first answer tells nothing but the node, its clock and the time; each after that has some series whole.
   */
  ReadHistory(argument: _nodectl_v1_ReadHistoryRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_ReadHistoryResponse__Output>;
  ReadHistory(argument: _nodectl_v1_ReadHistoryRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_ReadHistoryResponse__Output>;
  /**
   * Reads series. The first answer tells nothing but the node, its clock and the time; each after that has some series whole.
   */
  readHistory(argument: _nodectl_v1_ReadHistoryRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_ReadHistoryResponse__Output>;
  readHistory(argument: _nodectl_v1_ReadHistoryRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_ReadHistoryResponse__Output>;
  
}

/**
 * What a node has sampled of itself: counters and measurements on a slow tick, kept for some days.
 */
export interface HistoryServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Reads series. The first answer tells nothing but the node, its clock and the time; each after that has some series whole.
   */
  ReadHistory: grpc.handleServerStreamingCall<_nodectl_v1_ReadHistoryRequest__Output, _nodectl_v1_ReadHistoryResponse>;
  
}

export interface HistoryServiceDefinition extends grpc.ServiceDefinition {
  ReadHistory: MethodDefinition<_nodectl_v1_ReadHistoryRequest, _nodectl_v1_ReadHistoryResponse, _nodectl_v1_ReadHistoryRequest__Output, _nodectl_v1_ReadHistoryResponse__Output>
}
