// @ts-nocheck
// Original file: nodectl/v1/issuer.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateTokenRequest as _nodectl_v1_CreateTokenRequest, CreateTokenRequest__Output as _nodectl_v1_CreateTokenRequest__Output } from '../../nodectl/v1/CreateTokenRequest.ts';
import type { CreateTokenResponse as _nodectl_v1_CreateTokenResponse, CreateTokenResponse__Output as _nodectl_v1_CreateTokenResponse__Output } from '../../nodectl/v1/CreateTokenResponse.ts';
import type { ListNodesRequest as _nodectl_v1_ListNodesRequest, ListNodesRequest__Output as _nodectl_v1_ListNodesRequest__Output } from '../../nodectl/v1/ListNodesRequest.ts';
import type { ListNodesResponse as _nodectl_v1_ListNodesResponse, ListNodesResponse__Output as _nodectl_v1_ListNodesResponse__Output } from '../../nodectl/v1/ListNodesResponse.ts';
import type { RemoveNodeRequest as _nodectl_v1_RemoveNodeRequest, RemoveNodeRequest__Output as _nodectl_v1_RemoveNodeRequest__Output } from '../../nodectl/v1/RemoveNodeRequest.ts';
import type { RemoveNodeResponse as _nodectl_v1_RemoveNodeResponse, RemoveNodeResponse__Output as _nodectl_v1_RemoveNodeResponse__Output } from '../../nodectl/v1/RemoveNodeResponse.ts';
import type { RenewRequest as _nodectl_v1_RenewRequest, RenewRequest__Output as _nodectl_v1_RenewRequest__Output } from '../../nodectl/v1/RenewRequest.ts';
import type { RenewResponse as _nodectl_v1_RenewResponse, RenewResponse__Output as _nodectl_v1_RenewResponse__Output } from '../../nodectl/v1/RenewResponse.ts';
import type { UpdateNodeRequest as _nodectl_v1_UpdateNodeRequest, UpdateNodeRequest__Output as _nodectl_v1_UpdateNodeRequest__Output } from '../../nodectl/v1/UpdateNodeRequest.ts';
import type { UpdateNodeResponse as _nodectl_v1_UpdateNodeResponse, UpdateNodeResponse__Output as _nodectl_v1_UpdateNodeResponse__Output } from '../../nodectl/v1/UpdateNodeResponse.ts';

/**
 * Renews nodes' certificates and keeps the register of enrolled nodes.
 */
export interface IssuerServiceClient extends grpc.Client {
  /**
   * Makes an enrolment token for one node.
   */
  CreateToken(argument: _nodectl_v1_CreateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _nodectl_v1_CreateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _nodectl_v1_CreateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _nodectl_v1_CreateTokenRequest, callback: grpc.requestCallback<_nodectl_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Makes an enrolment token for one node.
   */
  createToken(argument: _nodectl_v1_CreateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  createToken(argument: _nodectl_v1_CreateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  createToken(argument: _nodectl_v1_CreateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  createToken(argument: _nodectl_v1_CreateTokenRequest, callback: grpc.requestCallback<_nodectl_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The register of enrolled nodes.
   */
  ListNodes(argument: _nodectl_v1_ListNodesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  ListNodes(argument: _nodectl_v1_ListNodesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  ListNodes(argument: _nodectl_v1_ListNodesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  ListNodes(argument: _nodectl_v1_ListNodesRequest, callback: grpc.requestCallback<_nodectl_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The register of enrolled nodes.
   */
  listNodes(argument: _nodectl_v1_ListNodesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  listNodes(argument: _nodectl_v1_ListNodesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  listNodes(argument: _nodectl_v1_ListNodesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  listNodes(argument: _nodectl_v1_ListNodesRequest, callback: grpc.requestCallback<_nodectl_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Takes a node out of the register. It can renew no more and needs a new token to come back.
   */
  RemoveNode(argument: _nodectl_v1_RemoveNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  RemoveNode(argument: _nodectl_v1_RemoveNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  RemoveNode(argument: _nodectl_v1_RemoveNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  RemoveNode(argument: _nodectl_v1_RemoveNodeRequest, callback: grpc.requestCallback<_nodectl_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Takes a node out of the register. It can renew no more and needs a new token to come back.
   */
  removeNode(argument: _nodectl_v1_RemoveNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  removeNode(argument: _nodectl_v1_RemoveNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  removeNode(argument: _nodectl_v1_RemoveNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  removeNode(argument: _nodectl_v1_RemoveNodeRequest, callback: grpc.requestCallback<_nodectl_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * A new certificate for the calling node, with the names it has now.
   */
  Renew(argument: _nodectl_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _nodectl_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _nodectl_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _nodectl_v1_RenewRequest, callback: grpc.requestCallback<_nodectl_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  /**
   * A new certificate for the calling node, with the names it has now.
   */
  renew(argument: _nodectl_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _nodectl_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _nodectl_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _nodectl_v1_RenewRequest, callback: grpc.requestCallback<_nodectl_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Changes a node's labels or addresses in the register.
   */
  UpdateNode(argument: _nodectl_v1_UpdateNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_UpdateNodeResponse__Output>): grpc.ClientUnaryCall;
  UpdateNode(argument: _nodectl_v1_UpdateNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_UpdateNodeResponse__Output>): grpc.ClientUnaryCall;
  UpdateNode(argument: _nodectl_v1_UpdateNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_UpdateNodeResponse__Output>): grpc.ClientUnaryCall;
  UpdateNode(argument: _nodectl_v1_UpdateNodeRequest, callback: grpc.requestCallback<_nodectl_v1_UpdateNodeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Changes a node's labels or addresses in the register.
   */
  updateNode(argument: _nodectl_v1_UpdateNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_UpdateNodeResponse__Output>): grpc.ClientUnaryCall;
  updateNode(argument: _nodectl_v1_UpdateNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_UpdateNodeResponse__Output>): grpc.ClientUnaryCall;
  updateNode(argument: _nodectl_v1_UpdateNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_UpdateNodeResponse__Output>): grpc.ClientUnaryCall;
  updateNode(argument: _nodectl_v1_UpdateNodeRequest, callback: grpc.requestCallback<_nodectl_v1_UpdateNodeResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Renews nodes' certificates and keeps the register of enrolled nodes.
 */
export interface IssuerServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Makes an enrolment token for one node.
   */
  CreateToken: grpc.handleUnaryCall<_nodectl_v1_CreateTokenRequest__Output, _nodectl_v1_CreateTokenResponse>;
  
  /**
   * The register of enrolled nodes.
   */
  ListNodes: grpc.handleUnaryCall<_nodectl_v1_ListNodesRequest__Output, _nodectl_v1_ListNodesResponse>;
  
  /**
   * Takes a node out of the register. It can renew no more and needs a new token to come back.
   */
  RemoveNode: grpc.handleUnaryCall<_nodectl_v1_RemoveNodeRequest__Output, _nodectl_v1_RemoveNodeResponse>;
  
  /**
   * A new certificate for the calling node, with the names it has now.
   */
  Renew: grpc.handleUnaryCall<_nodectl_v1_RenewRequest__Output, _nodectl_v1_RenewResponse>;
  
  /**
   * Changes a node's labels or addresses in the register.
   */
  UpdateNode: grpc.handleUnaryCall<_nodectl_v1_UpdateNodeRequest__Output, _nodectl_v1_UpdateNodeResponse>;
  
}

export interface IssuerServiceDefinition extends grpc.ServiceDefinition {
  CreateToken: MethodDefinition<_nodectl_v1_CreateTokenRequest, _nodectl_v1_CreateTokenResponse, _nodectl_v1_CreateTokenRequest__Output, _nodectl_v1_CreateTokenResponse__Output>
  ListNodes: MethodDefinition<_nodectl_v1_ListNodesRequest, _nodectl_v1_ListNodesResponse, _nodectl_v1_ListNodesRequest__Output, _nodectl_v1_ListNodesResponse__Output>
  RemoveNode: MethodDefinition<_nodectl_v1_RemoveNodeRequest, _nodectl_v1_RemoveNodeResponse, _nodectl_v1_RemoveNodeRequest__Output, _nodectl_v1_RemoveNodeResponse__Output>
  Renew: MethodDefinition<_nodectl_v1_RenewRequest, _nodectl_v1_RenewResponse, _nodectl_v1_RenewRequest__Output, _nodectl_v1_RenewResponse__Output>
  UpdateNode: MethodDefinition<_nodectl_v1_UpdateNodeRequest, _nodectl_v1_UpdateNodeResponse, _nodectl_v1_UpdateNodeRequest__Output, _nodectl_v1_UpdateNodeResponse__Output>
}
