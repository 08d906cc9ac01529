// @ts-nocheck
// Original file: nodectl/v1/logs.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ListSourcesRequest as _nodectl_v1_ListSourcesRequest, ListSourcesRequest__Output as _nodectl_v1_ListSourcesRequest__Output } from '../../nodectl/v1/ListSourcesRequest.ts';
import type { ListSourcesResponse as _nodectl_v1_ListSourcesResponse, ListSourcesResponse__Output as _nodectl_v1_ListSourcesResponse__Output } from '../../nodectl/v1/ListSourcesResponse.ts';
import type { ReadLogsRequest as _nodectl_v1_ReadLogsRequest, ReadLogsRequest__Output as _nodectl_v1_ReadLogsRequest__Output } from '../../nodectl/v1/ReadLogsRequest.ts';
import type { ReadLogsResponse as _nodectl_v1_ReadLogsResponse, ReadLogsResponse__Output as _nodectl_v1_ReadLogsResponse__Output } from '../../nodectl/v1/ReadLogsResponse.ts';

/**
 * A node's logs: the journal, the kernel's ring buffer, declared log files and containers' logs.
 */
export interface LogsServiceClient extends grpc.Client {
  /**
   * The sources that this node can read now.
   */
  ListSources(argument: _nodectl_v1_ListSourcesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListSourcesResponse__Output>): grpc.ClientUnaryCall;
  ListSources(argument: _nodectl_v1_ListSourcesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListSourcesResponse__Output>): grpc.ClientUnaryCall;
  ListSources(argument: _nodectl_v1_ListSourcesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListSourcesResponse__Output>): grpc.ClientUnaryCall;
  ListSources(argument: _nodectl_v1_ListSourcesRequest, callback: grpc.requestCallback<_nodectl_v1_ListSourcesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The sources that this node can read now.
   */
  listSources(argument: _nodectl_v1_ListSourcesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListSourcesResponse__Output>): grpc.ClientUnaryCall;
  listSources(argument: _nodectl_v1_ListSourcesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListSourcesResponse__Output>): grpc.ClientUnaryCall;
  listSources(argument: _nodectl_v1_ListSourcesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListSourcesResponse__Output>): grpc.ClientUnaryCall;
  listSources(argument: _nodectl_v1_ListSourcesRequest, callback: grpc.requestCallback<_nodectl_v1_ListSourcesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Records of one source, oldest first, in batches. All selection happens on the node. Flow control reaches
   * the source: a slow reader slows the reading down, and what was lost meanwhile is said in a gap.
   * Without `follow` the stream ends after the last record with an `end` event; a stream that ends without one
   * was cut short and must be resumed.
   */
  ReadLogs(argument: _nodectl_v1_ReadLogsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_ReadLogsResponse__Output>;
  ReadLogs(argument: _nodectl_v1_ReadLogsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_ReadLogsResponse__Output>;
  /**
   * Records of one source, oldest first, in batches. All selection happens on the node. Flow control reaches
   * the source: a slow reader slows the reading down, and what was lost meanwhile is said in a gap.
   * Without `follow` the stream ends after the last record with an `end` event; a stream that ends without one
   * was cut short and must be resumed.
   */
  readLogs(argument: _nodectl_v1_ReadLogsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_ReadLogsResponse__Output>;
  readLogs(argument: _nodectl_v1_ReadLogsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_ReadLogsResponse__Output>;
  
}

/**
 * A node's logs: the journal, the kernel's ring buffer, declared log files and containers' logs.
 */
export interface LogsServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The sources that this node can read now.
   */
  ListSources: grpc.handleUnaryCall<_nodectl_v1_ListSourcesRequest__Output, _nodectl_v1_ListSourcesResponse>;
  
  /**
   * Records of one source, oldest first, in batches. All selection happens on the node. Flow control reaches
   * the source: a slow reader slows the reading down, and what was lost meanwhile is said in a gap.
   * Without `follow` the stream ends after the last record with an `end` event; a stream that ends without one
   * was cut short and must be resumed.
   */
  ReadLogs: grpc.handleServerStreamingCall<_nodectl_v1_ReadLogsRequest__Output, _nodectl_v1_ReadLogsResponse>;
  
}

export interface LogsServiceDefinition extends grpc.ServiceDefinition {
  ListSources: MethodDefinition<_nodectl_v1_ListSourcesRequest, _nodectl_v1_ListSourcesResponse, _nodectl_v1_ListSourcesRequest__Output, _nodectl_v1_ListSourcesResponse__Output>
  ReadLogs: MethodDefinition<_nodectl_v1_ReadLogsRequest, _nodectl_v1_ReadLogsResponse, _nodectl_v1_ReadLogsRequest__Output, _nodectl_v1_ReadLogsResponse__Output>
}
