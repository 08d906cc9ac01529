// @ts-nocheck
// Original file: nodectl/v1/kernel.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetKernelRequest as _nodectl_v1_GetKernelRequest, GetKernelRequest__Output as _nodectl_v1_GetKernelRequest__Output } from '../../nodectl/v1/GetKernelRequest.ts';
import type { GetKernelResponse as _nodectl_v1_GetKernelResponse, GetKernelResponse__Output as _nodectl_v1_GetKernelResponse__Output } from '../../nodectl/v1/GetKernelResponse.ts';
import type { ListTroublesRequest as _nodectl_v1_ListTroublesRequest, ListTroublesRequest__Output as _nodectl_v1_ListTroublesRequest__Output } from '../../nodectl/v1/ListTroublesRequest.ts';
import type { ListTroublesResponse as _nodectl_v1_ListTroublesResponse, ListTroublesResponse__Output as _nodectl_v1_ListTroublesResponse__Output } from '../../nodectl/v1/ListTroublesResponse.ts';

/**
 * The facts of a node's kernel, and what is known to go wrong with kernels.
 */
export interface KernelServiceClient extends grpc.Client {
  /**
   * What the kernel is and was started with, what happened to it, how the node is set up for its crash, and which known
   * troubles the node has.
   */
  GetKernel(argument: _nodectl_v1_GetKernelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetKernelResponse__Output>): grpc.ClientUnaryCall;
  GetKernel(argument: _nodectl_v1_GetKernelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetKernelResponse__Output>): grpc.ClientUnaryCall;
  GetKernel(argument: _nodectl_v1_GetKernelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetKernelResponse__Output>): grpc.ClientUnaryCall;
  GetKernel(argument: _nodectl_v1_GetKernelRequest, callback: grpc.requestCallback<_nodectl_v1_GetKernelResponse__Output>): grpc.ClientUnaryCall;
  /**
   * What the kernel is and was started with, what happened to it, how the node is set up for its crash, and which known
   * troubles the node has.
   */
  getKernel(argument: _nodectl_v1_GetKernelRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetKernelResponse__Output>): grpc.ClientUnaryCall;
  getKernel(argument: _nodectl_v1_GetKernelRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetKernelResponse__Output>): grpc.ClientUnaryCall;
  getKernel(argument: _nodectl_v1_GetKernelRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetKernelResponse__Output>): grpc.ClientUnaryCall;
  getKernel(argument: _nodectl_v1_GetKernelRequest, callback: grpc.requestCallback<_nodectl_v1_GetKernelResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The known troubles that this agent comes with, or those of a given kernel. Nothing is read of the node.
   */
  ListTroubles(argument: _nodectl_v1_ListTroublesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListTroublesResponse__Output>): grpc.ClientUnaryCall;
  ListTroubles(argument: _nodectl_v1_ListTroublesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListTroublesResponse__Output>): grpc.ClientUnaryCall;
  ListTroubles(argument: _nodectl_v1_ListTroublesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListTroublesResponse__Output>): grpc.ClientUnaryCall;
  ListTroubles(argument: _nodectl_v1_ListTroublesRequest, callback: grpc.requestCallback<_nodectl_v1_ListTroublesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The known troubles that this agent comes with, or those of a given kernel. Nothing is read of the node.
   */
  listTroubles(argument: _nodectl_v1_ListTroublesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListTroublesResponse__Output>): grpc.ClientUnaryCall;
  listTroubles(argument: _nodectl_v1_ListTroublesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListTroublesResponse__Output>): grpc.ClientUnaryCall;
  listTroubles(argument: _nodectl_v1_ListTroublesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListTroublesResponse__Output>): grpc.ClientUnaryCall;
  listTroubles(argument: _nodectl_v1_ListTroublesRequest, callback: grpc.requestCallback<_nodectl_v1_ListTroublesResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * The facts of a node's kernel, and what is known to go wrong with kernels.
 */
export interface KernelServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * What the kernel is and was started with, what happened to it, how the node is set up for its crash, and which known
   * troubles the node has.
   */
  GetKernel: grpc.handleUnaryCall<_nodectl_v1_GetKernelRequest__Output, _nodectl_v1_GetKernelResponse>;
  
  /**
   * The known troubles that this agent comes with, or those of a given kernel. Nothing is read of the node.
   */
  ListTroubles: grpc.handleUnaryCall<_nodectl_v1_ListTroublesRequest__Output, _nodectl_v1_ListTroublesResponse>;
  
}

export interface KernelServiceDefinition extends grpc.ServiceDefinition {
  GetKernel: MethodDefinition<_nodectl_v1_GetKernelRequest, _nodectl_v1_GetKernelResponse, _nodectl_v1_GetKernelRequest__Output, _nodectl_v1_GetKernelResponse__Output>
  ListTroubles: MethodDefinition<_nodectl_v1_ListTroublesRequest, _nodectl_v1_ListTroublesResponse, _nodectl_v1_ListTroublesRequest__Output, _nodectl_v1_ListTroublesResponse__Output>
}
