// @ts-nocheck
// Original file: nodectl/v1/peer.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CallBackRequest as _nodectl_v1_CallBackRequest, CallBackRequest__Output as _nodectl_v1_CallBackRequest__Output } from '../../nodectl/v1/CallBackRequest.ts';
import type { CallBackResponse as _nodectl_v1_CallBackResponse, CallBackResponse__Output as _nodectl_v1_CallBackResponse__Output } from '../../nodectl/v1/CallBackResponse.ts';

/**
 * What nodes ask each other. Nobody else may.
 */
export interface PeerServiceClient extends grpc.Client {
  /**
   * Calls the caller back and says whether it answers: for a node that has booted another image and has to know whether others still
   * reach it. The address is the one that the caller's connection comes from, and no other; the name is that of its certificate.
   */
  CallBack(argument: _nodectl_v1_CallBackRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_CallBackResponse__Output>): grpc.ClientUnaryCall;
  CallBack(argument: _nodectl_v1_CallBackRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_CallBackResponse__Output>): grpc.ClientUnaryCall;
  CallBack(argument: _nodectl_v1_CallBackRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_CallBackResponse__Output>): grpc.ClientUnaryCall;
  CallBack(argument: _nodectl_v1_CallBackRequest, callback: grpc.requestCallback<_nodectl_v1_CallBackResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Calls the caller back and says whether it answers: for a node that has booted another image and has to know whether others still
   * reach it. The address is the one that the caller's connection comes from, and no other; the name is that of its certificate.
   */
  callBack(argument: _nodectl_v1_CallBackRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_CallBackResponse__Output>): grpc.ClientUnaryCall;
  callBack(argument: _nodectl_v1_CallBackRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_CallBackResponse__Output>): grpc.ClientUnaryCall;
  callBack(argument: _nodectl_v1_CallBackRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_CallBackResponse__Output>): grpc.ClientUnaryCall;
  callBack(argument: _nodectl_v1_CallBackRequest, callback: grpc.requestCallback<_nodectl_v1_CallBackResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * What nodes ask each other. Nobody else may.
 */
export interface PeerServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Calls the caller back and says whether it answers: for a node that has booted another image and has to know whether others still
   * reach it. The address is the one that the caller's connection comes from, and no other; the name is that of its certificate.
   */
  CallBack: grpc.handleUnaryCall<_nodectl_v1_CallBackRequest__Output, _nodectl_v1_CallBackResponse>;
  
}

export interface PeerServiceDefinition extends grpc.ServiceDefinition {
  CallBack: MethodDefinition<_nodectl_v1_CallBackRequest, _nodectl_v1_CallBackResponse, _nodectl_v1_CallBackRequest__Output, _nodectl_v1_CallBackResponse__Output>
}
