// @ts-nocheck
// Original file: nodectl/v1/access.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AllowRequest as _nodectl_v1_AllowRequest, AllowRequest__Output as _nodectl_v1_AllowRequest__Output } from '../../nodectl/v1/AllowRequest.ts';
import type { AllowResponse as _nodectl_v1_AllowResponse, AllowResponse__Output as _nodectl_v1_AllowResponse__Output } from '../../nodectl/v1/AllowResponse.ts';
import type { ChangeTrustRequest as _nodectl_v1_ChangeTrustRequest, ChangeTrustRequest__Output as _nodectl_v1_ChangeTrustRequest__Output } from '../../nodectl/v1/ChangeTrustRequest.ts';
import type { ChangeTrustResponse as _nodectl_v1_ChangeTrustResponse, ChangeTrustResponse__Output as _nodectl_v1_ChangeTrustResponse__Output } from '../../nodectl/v1/ChangeTrustResponse.ts';
import type { DenyRequest as _nodectl_v1_DenyRequest, DenyRequest__Output as _nodectl_v1_DenyRequest__Output } from '../../nodectl/v1/DenyRequest.ts';
import type { DenyResponse as _nodectl_v1_DenyResponse, DenyResponse__Output as _nodectl_v1_DenyResponse__Output } from '../../nodectl/v1/DenyResponse.ts';
import type { ListDeniedRequest as _nodectl_v1_ListDeniedRequest, ListDeniedRequest__Output as _nodectl_v1_ListDeniedRequest__Output } from '../../nodectl/v1/ListDeniedRequest.ts';
import type { ListDeniedResponse as _nodectl_v1_ListDeniedResponse, ListDeniedResponse__Output as _nodectl_v1_ListDeniedResponse__Output } from '../../nodectl/v1/ListDeniedResponse.ts';
import type { ReadAuditRequest as _nodectl_v1_ReadAuditRequest, ReadAuditRequest__Output as _nodectl_v1_ReadAuditRequest__Output } from '../../nodectl/v1/ReadAuditRequest.ts';
import type { ReadAuditResponse as _nodectl_v1_ReadAuditResponse, ReadAuditResponse__Output as _nodectl_v1_ReadAuditResponse__Output } from '../../nodectl/v1/ReadAuditResponse.ts';
import type { WhoAmIRequest as _nodectl_v1_WhoAmIRequest, WhoAmIRequest__Output as _nodectl_v1_WhoAmIRequest__Output } from '../../nodectl/v1/WhoAmIRequest.ts';
import type { WhoAmIResponse as _nodectl_v1_WhoAmIResponse, WhoAmIResponse__Output as _nodectl_v1_WhoAmIResponse__Output } from '../../nodectl/v1/WhoAmIResponse.ts';

/**
 * Who may call a node, and who did.
 */
export interface AccessServiceClient extends grpc.Client {
  /**
   * Takes an entry off the denylist. Idempotent.
   */
  Allow(argument: _nodectl_v1_AllowRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_AllowResponse__Output>): grpc.ClientUnaryCall;
  Allow(argument: _nodectl_v1_AllowRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_AllowResponse__Output>): grpc.ClientUnaryCall;
  Allow(argument: _nodectl_v1_AllowRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_AllowResponse__Output>): grpc.ClientUnaryCall;
  Allow(argument: _nodectl_v1_AllowRequest, callback: grpc.requestCallback<_nodectl_v1_AllowResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Takes an entry off the denylist. Idempotent.
   */
  allow(argument: _nodectl_v1_AllowRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_AllowResponse__Output>): grpc.ClientUnaryCall;
  allow(argument: _nodectl_v1_AllowRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_AllowResponse__Output>): grpc.ClientUnaryCall;
  allow(argument: _nodectl_v1_AllowRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_AllowResponse__Output>): grpc.ClientUnaryCall;
  allow(argument: _nodectl_v1_AllowRequest, callback: grpc.requestCallback<_nodectl_v1_AllowResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Takes a statement of a trusted root into the node's trust: that another root is trusted from now on, or no longer. Calls of
   * those whose root is no longer trusted are ended. Idempotent.
   */
  ChangeTrust(argument: _nodectl_v1_ChangeTrustRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ChangeTrustResponse__Output>): grpc.ClientUnaryCall;
  ChangeTrust(argument: _nodectl_v1_ChangeTrustRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ChangeTrustResponse__Output>): grpc.ClientUnaryCall;
  ChangeTrust(argument: _nodectl_v1_ChangeTrustRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ChangeTrustResponse__Output>): grpc.ClientUnaryCall;
  ChangeTrust(argument: _nodectl_v1_ChangeTrustRequest, callback: grpc.requestCallback<_nodectl_v1_ChangeTrustResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Takes a statement of a trusted root into the node's trust: that another root is trusted from now on, or no longer. Calls of
   * those whose root is no longer trusted are ended. Idempotent.
   */
  changeTrust(argument: _nodectl_v1_ChangeTrustRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ChangeTrustResponse__Output>): grpc.ClientUnaryCall;
  changeTrust(argument: _nodectl_v1_ChangeTrustRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ChangeTrustResponse__Output>): grpc.ClientUnaryCall;
  changeTrust(argument: _nodectl_v1_ChangeTrustRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ChangeTrustResponse__Output>): grpc.ClientUnaryCall;
  changeTrust(argument: _nodectl_v1_ChangeTrustRequest, callback: grpc.requestCallback<_nodectl_v1_ChangeTrustResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Denies an identity or a certificate from now on. Open streams of it are ended. Idempotent.
   */
  Deny(argument: _nodectl_v1_DenyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_DenyResponse__Output>): grpc.ClientUnaryCall;
  Deny(argument: _nodectl_v1_DenyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_DenyResponse__Output>): grpc.ClientUnaryCall;
  Deny(argument: _nodectl_v1_DenyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_DenyResponse__Output>): grpc.ClientUnaryCall;
  Deny(argument: _nodectl_v1_DenyRequest, callback: grpc.requestCallback<_nodectl_v1_DenyResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Denies an identity or a certificate from now on. Open streams of it are ended. Idempotent.
   */
  deny(argument: _nodectl_v1_DenyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_DenyResponse__Output>): grpc.ClientUnaryCall;
  deny(argument: _nodectl_v1_DenyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_DenyResponse__Output>): grpc.ClientUnaryCall;
  deny(argument: _nodectl_v1_DenyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_DenyResponse__Output>): grpc.ClientUnaryCall;
  deny(argument: _nodectl_v1_DenyRequest, callback: grpc.requestCallback<_nodectl_v1_DenyResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The denied identities and certificates.
   */
  ListDenied(argument: _nodectl_v1_ListDeniedRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListDeniedResponse__Output>): grpc.ClientUnaryCall;
  ListDenied(argument: _nodectl_v1_ListDeniedRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListDeniedResponse__Output>): grpc.ClientUnaryCall;
  ListDenied(argument: _nodectl_v1_ListDeniedRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListDeniedResponse__Output>): grpc.ClientUnaryCall;
  ListDenied(argument: _nodectl_v1_ListDeniedRequest, callback: grpc.requestCallback<_nodectl_v1_ListDeniedResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The denied identities and certificates.
   */
  listDenied(argument: _nodectl_v1_ListDeniedRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListDeniedResponse__Output>): grpc.ClientUnaryCall;
  listDenied(argument: _nodectl_v1_ListDeniedRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListDeniedResponse__Output>): grpc.ClientUnaryCall;
  listDenied(argument: _nodectl_v1_ListDeniedRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListDeniedResponse__Output>): grpc.ClientUnaryCall;
  listDenied(argument: _nodectl_v1_ListDeniedRequest, callback: grpc.requestCallback<_nodectl_v1_ListDeniedResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Audit records, oldest first, in batches, after the chain over them has been verified.
   */
  ReadAudit(argument: _nodectl_v1_ReadAuditRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_ReadAuditResponse__Output>;
  ReadAudit(argument: _nodectl_v1_ReadAuditRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_ReadAuditResponse__Output>;
  /**
   * Audit records, oldest first, in batches, after the chain over them has been verified.
   */
  readAudit(argument: _nodectl_v1_ReadAuditRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_ReadAuditResponse__Output>;
  readAudit(argument: _nodectl_v1_ReadAuditRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_ReadAuditResponse__Output>;
  
  /**
   * Who the node takes the caller for.
   */
  WhoAmI(argument: _nodectl_v1_WhoAmIRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _nodectl_v1_WhoAmIRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _nodectl_v1_WhoAmIRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  WhoAmI(argument: _nodectl_v1_WhoAmIRequest, callback: grpc.requestCallback<_nodectl_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Who the node takes the caller for.
   */
  whoAmI(argument: _nodectl_v1_WhoAmIRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _nodectl_v1_WhoAmIRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _nodectl_v1_WhoAmIRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  whoAmI(argument: _nodectl_v1_WhoAmIRequest, callback: grpc.requestCallback<_nodectl_v1_WhoAmIResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Who may call a node, and who did.
 */
export interface AccessServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Takes an entry off the denylist. Idempotent.
   */
  Allow: grpc.handleUnaryCall<_nodectl_v1_AllowRequest__Output, _nodectl_v1_AllowResponse>;
  
  /**
   * Takes a statement of a trusted root into the node's trust: that another root is trusted from now on, or no longer. Calls of
   * those whose root is no longer trusted are ended. Idempotent.
   */
  ChangeTrust: grpc.handleUnaryCall<_nodectl_v1_ChangeTrustRequest__Output, _nodectl_v1_ChangeTrustResponse>;
  
  /**
   * Denies an identity or a certificate from now on. Open streams of it are ended. Idempotent.
   */
  Deny: grpc.handleUnaryCall<_nodectl_v1_DenyRequest__Output, _nodectl_v1_DenyResponse>;
  
  /**
   * The denied identities and certificates.
   */
  ListDenied: grpc.handleUnaryCall<_nodectl_v1_ListDeniedRequest__Output, _nodectl_v1_ListDeniedResponse>;
  
  /**
   * Audit records, oldest first, in batches, after the chain over them has been verified.
   */
  ReadAudit: grpc.handleServerStreamingCall<_nodectl_v1_ReadAuditRequest__Output, _nodectl_v1_ReadAuditResponse>;
  
  /**
   * Who the node takes the caller for.
   */
  WhoAmI: grpc.handleUnaryCall<_nodectl_v1_WhoAmIRequest__Output, _nodectl_v1_WhoAmIResponse>;
  
}

export interface AccessServiceDefinition extends grpc.ServiceDefinition {
  Allow: MethodDefinition<_nodectl_v1_AllowRequest, _nodectl_v1_AllowResponse, _nodectl_v1_AllowRequest__Output, _nodectl_v1_AllowResponse__Output>
  ChangeTrust: MethodDefinition<_nodectl_v1_ChangeTrustRequest, _nodectl_v1_ChangeTrustResponse, _nodectl_v1_ChangeTrustRequest__Output, _nodectl_v1_ChangeTrustResponse__Output>
  Deny: MethodDefinition<_nodectl_v1_DenyRequest, _nodectl_v1_DenyResponse, _nodectl_v1_DenyRequest__Output, _nodectl_v1_DenyResponse__Output>
  ListDenied: MethodDefinition<_nodectl_v1_ListDeniedRequest, _nodectl_v1_ListDeniedResponse, _nodectl_v1_ListDeniedRequest__Output, _nodectl_v1_ListDeniedResponse__Output>
  ReadAudit: MethodDefinition<_nodectl_v1_ReadAuditRequest, _nodectl_v1_ReadAuditResponse, _nodectl_v1_ReadAuditRequest__Output, _nodectl_v1_ReadAuditResponse__Output>
  WhoAmI: MethodDefinition<_nodectl_v1_WhoAmIRequest, _nodectl_v1_WhoAmIResponse, _nodectl_v1_WhoAmIRequest__Output, _nodectl_v1_WhoAmIResponse__Output>
}
