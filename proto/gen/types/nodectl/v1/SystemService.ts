// @ts-nocheck
// Original file: nodectl/v1/system.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetNodeRequest as _nodectl_v1_GetNodeRequest, GetNodeRequest__Output as _nodectl_v1_GetNodeRequest__Output } from '../../nodectl/v1/GetNodeRequest.ts';
import type { GetNodeResponse as _nodectl_v1_GetNodeResponse, GetNodeResponse__Output as _nodectl_v1_GetNodeResponse__Output } from '../../nodectl/v1/GetNodeResponse.ts';
import type { GetVersionRequest as _nodectl_v1_GetVersionRequest, GetVersionRequest__Output as _nodectl_v1_GetVersionRequest__Output } from '../../nodectl/v1/GetVersionRequest.ts';
import type { GetVersionResponse as _nodectl_v1_GetVersionResponse, GetVersionResponse__Output as _nodectl_v1_GetVersionResponse__Output } from '../../nodectl/v1/GetVersionResponse.ts';

/**
 * What a node is: names, versions and state that are cheap to read at any time.
 */
export interface SystemServiceClient extends grpc.Client {
  /**
   * The node's identity, kernel, uptime, labels and the state of its certificate.
   */
  GetNode(argument: _nodectl_v1_GetNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  GetNode(argument: _nodectl_v1_GetNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  GetNode(argument: _nodectl_v1_GetNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  GetNode(argument: _nodectl_v1_GetNodeRequest, callback: grpc.requestCallback<_nodectl_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The node's identity, kernel, uptime, labels and the state of its certificate.
   */
  getNode(argument: _nodectl_v1_GetNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  getNode(argument: _nodectl_v1_GetNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  getNode(argument: _nodectl_v1_GetNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  getNode(argument: _nodectl_v1_GetNodeRequest, callback: grpc.requestCallback<_nodectl_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The versions of the agent and of what it runs on. Reads nothing but memory after the first call.
   */
  GetVersion(argument: _nodectl_v1_GetVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  GetVersion(argument: _nodectl_v1_GetVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  GetVersion(argument: _nodectl_v1_GetVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  GetVersion(argument: _nodectl_v1_GetVersionRequest, callback: grpc.requestCallback<_nodectl_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The versions of the agent and of what it runs on. Reads nothing but memory after the first call.
   */
  getVersion(argument: _nodectl_v1_GetVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  getVersion(argument: _nodectl_v1_GetVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  getVersion(argument: _nodectl_v1_GetVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  getVersion(argument: _nodectl_v1_GetVersionRequest, callback: grpc.requestCallback<_nodectl_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * What a node is: names, versions and state that are cheap to read at any time.
 */
export interface SystemServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The node's identity, kernel, uptime, labels and the state of its certificate.
   */
  GetNode: grpc.handleUnaryCall<_nodectl_v1_GetNodeRequest__Output, _nodectl_v1_GetNodeResponse>;
  
  /**
   * The versions of the agent and of what it runs on. Reads nothing but memory after the first call.
   */
  GetVersion: grpc.handleUnaryCall<_nodectl_v1_GetVersionRequest__Output, _nodectl_v1_GetVersionResponse>;
  
}

export interface SystemServiceDefinition extends grpc.ServiceDefinition {
  GetNode: MethodDefinition<_nodectl_v1_GetNodeRequest, _nodectl_v1_GetNodeResponse, _nodectl_v1_GetNodeRequest__Output, _nodectl_v1_GetNodeResponse__Output>
  GetVersion: MethodDefinition<_nodectl_v1_GetVersionRequest, _nodectl_v1_GetVersionResponse, _nodectl_v1_GetVersionRequest__Output, _nodectl_v1_GetVersionResponse__Output>
}
