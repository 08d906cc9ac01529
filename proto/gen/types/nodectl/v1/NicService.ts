// @ts-nocheck
// Original file: nodectl/v1/nic.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ListNicsRequest as _nodectl_v1_ListNicsRequest, ListNicsRequest__Output as _nodectl_v1_ListNicsRequest__Output } from '../../nodectl/v1/ListNicsRequest.ts';
import type { ListNicsResponse as _nodectl_v1_ListNicsResponse, ListNicsResponse__Output as _nodectl_v1_ListNicsResponse__Output } from '../../nodectl/v1/ListNicsResponse.ts';

/**
 * The facts of a node's network interfaces.
 */
export interface NicServiceClient extends grpc.Client {
  /**
   * Interfaces with what drives them, what they count and to what they are cabled, or, asked for details, everything that the
   * node can tell of them.
   */
  ListNics(argument: _nodectl_v1_ListNicsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListNicsResponse__Output>): grpc.ClientUnaryCall;
  ListNics(argument: _nodectl_v1_ListNicsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListNicsResponse__Output>): grpc.ClientUnaryCall;
  ListNics(argument: _nodectl_v1_ListNicsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListNicsResponse__Output>): grpc.ClientUnaryCall;
  ListNics(argument: _nodectl_v1_ListNicsRequest, callback: grpc.requestCallback<_nodectl_v1_ListNicsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Interfaces with what drives them, what they count and to what they are cabled, or, asked for details, everything that the
   * node can tell of them.
   */
  listNics(argument: _nodectl_v1_ListNicsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListNicsResponse__Output>): grpc.ClientUnaryCall;
  listNics(argument: _nodectl_v1_ListNicsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListNicsResponse__Output>): grpc.ClientUnaryCall;
  listNics(argument: _nodectl_v1_ListNicsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListNicsResponse__Output>): grpc.ClientUnaryCall;
  listNics(argument: _nodectl_v1_ListNicsRequest, callback: grpc.requestCallback<_nodectl_v1_ListNicsResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * The facts of a node's network interfaces.
 */
export interface NicServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Interfaces with what drives them, what they count and to what they are cabled, or, asked for details, everything that the
   * node can tell of them.
   */
  ListNics: grpc.handleUnaryCall<_nodectl_v1_ListNicsRequest__Output, _nodectl_v1_ListNicsResponse>;
  
}

export interface NicServiceDefinition extends grpc.ServiceDefinition {
  ListNics: MethodDefinition<_nodectl_v1_ListNicsRequest, _nodectl_v1_ListNicsResponse, _nodectl_v1_ListNicsRequest__Output, _nodectl_v1_ListNicsResponse__Output>
}
