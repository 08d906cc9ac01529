// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ApplyConfigRequest as _nodectl_v1_ApplyConfigRequest, ApplyConfigRequest__Output as _nodectl_v1_ApplyConfigRequest__Output } from '../../nodectl/v1/ApplyConfigRequest.ts';
import type { ApplyConfigResponse as _nodectl_v1_ApplyConfigResponse, ApplyConfigResponse__Output as _nodectl_v1_ApplyConfigResponse__Output } from '../../nodectl/v1/ApplyConfigResponse.ts';
import type { CaptureConfigRequest as _nodectl_v1_CaptureConfigRequest, CaptureConfigRequest__Output as _nodectl_v1_CaptureConfigRequest__Output } from '../../nodectl/v1/CaptureConfigRequest.ts';
import type { CaptureConfigResponse as _nodectl_v1_CaptureConfigResponse, CaptureConfigResponse__Output as _nodectl_v1_CaptureConfigResponse__Output } from '../../nodectl/v1/CaptureConfigResponse.ts';
import type { ConfirmConfigRequest as _nodectl_v1_ConfirmConfigRequest, ConfirmConfigRequest__Output as _nodectl_v1_ConfirmConfigRequest__Output } from '../../nodectl/v1/ConfirmConfigRequest.ts';
import type { ConfirmConfigResponse as _nodectl_v1_ConfirmConfigResponse, ConfirmConfigResponse__Output as _nodectl_v1_ConfirmConfigResponse__Output } from '../../nodectl/v1/ConfirmConfigResponse.ts';
import type { GetConfigRequest as _nodectl_v1_GetConfigRequest, GetConfigRequest__Output as _nodectl_v1_GetConfigRequest__Output } from '../../nodectl/v1/GetConfigRequest.ts';
import type { GetConfigResponse as _nodectl_v1_GetConfigResponse, GetConfigResponse__Output as _nodectl_v1_GetConfigResponse__Output } from '../../nodectl/v1/GetConfigResponse.ts';
import type { GetDriftRequest as _nodectl_v1_GetDriftRequest, GetDriftRequest__Output as _nodectl_v1_GetDriftRequest__Output } from '../../nodectl/v1/GetDriftRequest.ts';
import type { GetDriftResponse as _nodectl_v1_GetDriftResponse, GetDriftResponse__Output as _nodectl_v1_GetDriftResponse__Output } from '../../nodectl/v1/GetDriftResponse.ts';
import type { GetSealKeyRequest as _nodectl_v1_GetSealKeyRequest, GetSealKeyRequest__Output as _nodectl_v1_GetSealKeyRequest__Output } from '../../nodectl/v1/GetSealKeyRequest.ts';
import type { GetSealKeyResponse as _nodectl_v1_GetSealKeyResponse, GetSealKeyResponse__Output as _nodectl_v1_GetSealKeyResponse__Output } from '../../nodectl/v1/GetSealKeyResponse.ts';
import type { ListRevisionsRequest as _nodectl_v1_ListRevisionsRequest, ListRevisionsRequest__Output as _nodectl_v1_ListRevisionsRequest__Output } from '../../nodectl/v1/ListRevisionsRequest.ts';
import type { ListRevisionsResponse as _nodectl_v1_ListRevisionsResponse, ListRevisionsResponse__Output as _nodectl_v1_ListRevisionsResponse__Output } from '../../nodectl/v1/ListRevisionsResponse.ts';
import type { PlanConfigRequest as _nodectl_v1_PlanConfigRequest, PlanConfigRequest__Output as _nodectl_v1_PlanConfigRequest__Output } from '../../nodectl/v1/PlanConfigRequest.ts';
import type { PlanConfigResponse as _nodectl_v1_PlanConfigResponse, PlanConfigResponse__Output as _nodectl_v1_PlanConfigResponse__Output } from '../../nodectl/v1/PlanConfigResponse.ts';
import type { RevertConfigRequest as _nodectl_v1_RevertConfigRequest, RevertConfigRequest__Output as _nodectl_v1_RevertConfigRequest__Output } from '../../nodectl/v1/RevertConfigRequest.ts';
import type { RevertConfigResponse as _nodectl_v1_RevertConfigResponse, RevertConfigResponse__Output as _nodectl_v1_RevertConfigResponse__Output } from '../../nodectl/v1/RevertConfigResponse.ts';

/**
 * The config document that a node is made from: planned, applied, tried, kept and watched.
 */
export interface ConfigServiceClient extends grpc.Client {
  /**
   * Applies a document. Answers when it is applied and verified, or tried and waiting to be confirmed, or put back.
   */
  ApplyConfig(argument: _nodectl_v1_ApplyConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ApplyConfigResponse__Output>): grpc.ClientUnaryCall;
  ApplyConfig(argument: _nodectl_v1_ApplyConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ApplyConfigResponse__Output>): grpc.ClientUnaryCall;
  ApplyConfig(argument: _nodectl_v1_ApplyConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ApplyConfigResponse__Output>): grpc.ClientUnaryCall;
  ApplyConfig(argument: _nodectl_v1_ApplyConfigRequest, callback: grpc.requestCallback<_nodectl_v1_ApplyConfigResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Applies a document. Answers when it is applied and verified, or tried and waiting to be confirmed, or put back.
   */
  applyConfig(argument: _nodectl_v1_ApplyConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ApplyConfigResponse__Output>): grpc.ClientUnaryCall;
  applyConfig(argument: _nodectl_v1_ApplyConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ApplyConfigResponse__Output>): grpc.ClientUnaryCall;
  applyConfig(argument: _nodectl_v1_ApplyConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ApplyConfigResponse__Output>): grpc.ClientUnaryCall;
  applyConfig(argument: _nodectl_v1_ApplyConfigRequest, callback: grpc.requestCallback<_nodectl_v1_ApplyConfigResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * A document that describes the node as it stands now, without secrets.
   */
  CaptureConfig(argument: _nodectl_v1_CaptureConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_CaptureConfigResponse__Output>): grpc.ClientUnaryCall;
  CaptureConfig(argument: _nodectl_v1_CaptureConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_CaptureConfigResponse__Output>): grpc.ClientUnaryCall;
  CaptureConfig(argument: _nodectl_v1_CaptureConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_CaptureConfigResponse__Output>): grpc.ClientUnaryCall;
  CaptureConfig(argument: _nodectl_v1_CaptureConfigRequest, callback: grpc.requestCallback<_nodectl_v1_CaptureConfigResponse__Output>): grpc.ClientUnaryCall;
  /**
   * A document that describes the node as it stands now, without secrets.
   */
  captureConfig(argument: _nodectl_v1_CaptureConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_CaptureConfigResponse__Output>): grpc.ClientUnaryCall;
  captureConfig(argument: _nodectl_v1_CaptureConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_CaptureConfigResponse__Output>): grpc.ClientUnaryCall;
  captureConfig(argument: _nodectl_v1_CaptureConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_CaptureConfigResponse__Output>): grpc.ClientUnaryCall;
  captureConfig(argument: _nodectl_v1_CaptureConfigRequest, callback: grpc.requestCallback<_nodectl_v1_CaptureConfigResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Ends a trial well. Must come over another connection than the one that started the trial.
   */
  ConfirmConfig(argument: _nodectl_v1_ConfirmConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ConfirmConfigResponse__Output>): grpc.ClientUnaryCall;
  ConfirmConfig(argument: _nodectl_v1_ConfirmConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ConfirmConfigResponse__Output>): grpc.ClientUnaryCall;
  ConfirmConfig(argument: _nodectl_v1_ConfirmConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ConfirmConfigResponse__Output>): grpc.ClientUnaryCall;
  ConfirmConfig(argument: _nodectl_v1_ConfirmConfigRequest, callback: grpc.requestCallback<_nodectl_v1_ConfirmConfigResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Ends a trial well. Must come over another connection than the one that started the trial.
   */
  confirmConfig(argument: _nodectl_v1_ConfirmConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ConfirmConfigResponse__Output>): grpc.ClientUnaryCall;
  confirmConfig(argument: _nodectl_v1_ConfirmConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ConfirmConfigResponse__Output>): grpc.ClientUnaryCall;
  confirmConfig(argument: _nodectl_v1_ConfirmConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ConfirmConfigResponse__Output>): grpc.ClientUnaryCall;
  confirmConfig(argument: _nodectl_v1_ConfirmConfigRequest, callback: grpc.requestCallback<_nodectl_v1_ConfirmConfigResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * A revision's document and how it came about. Sealed values stay sealed.
   */
  GetConfig(argument: _nodectl_v1_GetConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetConfigResponse__Output>): grpc.ClientUnaryCall;
  GetConfig(argument: _nodectl_v1_GetConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetConfigResponse__Output>): grpc.ClientUnaryCall;
  GetConfig(argument: _nodectl_v1_GetConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetConfigResponse__Output>): grpc.ClientUnaryCall;
  GetConfig(argument: _nodectl_v1_GetConfigRequest, callback: grpc.requestCallback<_nodectl_v1_GetConfigResponse__Output>): grpc.ClientUnaryCall;
  /**
   * A revision's document and how it came about. Sealed values stay sealed.
   */
  getConfig(argument: _nodectl_v1_GetConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetConfigResponse__Output>): grpc.ClientUnaryCall;
  getConfig(argument: _nodectl_v1_GetConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetConfigResponse__Output>): grpc.ClientUnaryCall;
  getConfig(argument: _nodectl_v1_GetConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetConfigResponse__Output>): grpc.ClientUnaryCall;
  getConfig(argument: _nodectl_v1_GetConfigRequest, callback: grpc.requestCallback<_nodectl_v1_GetConfigResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * What on the node is no longer what the running document says, and since when.
   */
  GetDrift(argument: _nodectl_v1_GetDriftRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetDriftResponse__Output>): grpc.ClientUnaryCall;
  GetDrift(argument: _nodectl_v1_GetDriftRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetDriftResponse__Output>): grpc.ClientUnaryCall;
  GetDrift(argument: _nodectl_v1_GetDriftRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetDriftResponse__Output>): grpc.ClientUnaryCall;
  GetDrift(argument: _nodectl_v1_GetDriftRequest, callback: grpc.requestCallback<_nodectl_v1_GetDriftResponse__Output>): grpc.ClientUnaryCall;
  /**
   * What on the node is no longer what the running document says, and since when.
   */
  getDrift(argument: _nodectl_v1_GetDriftRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetDriftResponse__Output>): grpc.ClientUnaryCall;
  getDrift(argument: _nodectl_v1_GetDriftRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetDriftResponse__Output>): grpc.ClientUnaryCall;
  getDrift(argument: _nodectl_v1_GetDriftRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetDriftResponse__Output>): grpc.ClientUnaryCall;
  getDrift(argument: _nodectl_v1_GetDriftRequest, callback: grpc.requestCallback<_nodectl_v1_GetDriftResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The public key to which secrets for this node are sealed. It is made when it is first asked for.
   */
  GetSealKey(argument: _nodectl_v1_GetSealKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetSealKeyResponse__Output>): grpc.ClientUnaryCall;
  GetSealKey(argument: _nodectl_v1_GetSealKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetSealKeyResponse__Output>): grpc.ClientUnaryCall;
  GetSealKey(argument: _nodectl_v1_GetSealKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetSealKeyResponse__Output>): grpc.ClientUnaryCall;
  GetSealKey(argument: _nodectl_v1_GetSealKeyRequest, callback: grpc.requestCallback<_nodectl_v1_GetSealKeyResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The public key to which secrets for this node are sealed. It is made when it is first asked for.
   */
  getSealKey(argument: _nodectl_v1_GetSealKeyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetSealKeyResponse__Output>): grpc.ClientUnaryCall;
  getSealKey(argument: _nodectl_v1_GetSealKeyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetSealKeyResponse__Output>): grpc.ClientUnaryCall;
  getSealKey(argument: _nodectl_v1_GetSealKeyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetSealKeyResponse__Output>): grpc.ClientUnaryCall;
  getSealKey(argument: _nodectl_v1_GetSealKeyRequest, callback: grpc.requestCallback<_nodectl_v1_GetSealKeyResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The revisions that the node keeps, newest first.
   */
  ListRevisions(argument: _nodectl_v1_ListRevisionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListRevisionsResponse__Output>): grpc.ClientUnaryCall;
  ListRevisions(argument: _nodectl_v1_ListRevisionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListRevisionsResponse__Output>): grpc.ClientUnaryCall;
  ListRevisions(argument: _nodectl_v1_ListRevisionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListRevisionsResponse__Output>): grpc.ClientUnaryCall;
  ListRevisions(argument: _nodectl_v1_ListRevisionsRequest, callback: grpc.requestCallback<_nodectl_v1_ListRevisionsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The revisions that the node keeps, newest first.
   */
  listRevisions(argument: _nodectl_v1_ListRevisionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListRevisionsResponse__Output>): grpc.ClientUnaryCall;
  listRevisions(argument: _nodectl_v1_ListRevisionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListRevisionsResponse__Output>): grpc.ClientUnaryCall;
  listRevisions(argument: _nodectl_v1_ListRevisionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListRevisionsResponse__Output>): grpc.ClientUnaryCall;
  listRevisions(argument: _nodectl_v1_ListRevisionsRequest, callback: grpc.requestCallback<_nodectl_v1_ListRevisionsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * What a document would change on the node as it is now. Changes nothing.
   */
  PlanConfig(argument: _nodectl_v1_PlanConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_PlanConfigResponse__Output>): grpc.ClientUnaryCall;
  PlanConfig(argument: _nodectl_v1_PlanConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_PlanConfigResponse__Output>): grpc.ClientUnaryCall;
  PlanConfig(argument: _nodectl_v1_PlanConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_PlanConfigResponse__Output>): grpc.ClientUnaryCall;
  PlanConfig(argument: _nodectl_v1_PlanConfigRequest, callback: grpc.requestCallback<_nodectl_v1_PlanConfigResponse__Output>): grpc.ClientUnaryCall;
  /**
   * What a document would change on the node as it is now. Changes nothing.
   */
  planConfig(argument: _nodectl_v1_PlanConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_PlanConfigResponse__Output>): grpc.ClientUnaryCall;
  planConfig(argument: _nodectl_v1_PlanConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_PlanConfigResponse__Output>): grpc.ClientUnaryCall;
  planConfig(argument: _nodectl_v1_PlanConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_PlanConfigResponse__Output>): grpc.ClientUnaryCall;
  planConfig(argument: _nodectl_v1_PlanConfigRequest, callback: grpc.requestCallback<_nodectl_v1_PlanConfigResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Ends a trial by putting everything back before its deadline. Tries again where something could not be put back.
   */
  RevertConfig(argument: _nodectl_v1_RevertConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RevertConfigResponse__Output>): grpc.ClientUnaryCall;
  RevertConfig(argument: _nodectl_v1_RevertConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_RevertConfigResponse__Output>): grpc.ClientUnaryCall;
  RevertConfig(argument: _nodectl_v1_RevertConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RevertConfigResponse__Output>): grpc.ClientUnaryCall;
  RevertConfig(argument: _nodectl_v1_RevertConfigRequest, callback: grpc.requestCallback<_nodectl_v1_RevertConfigResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Ends a trial by putting everything back before its deadline. Tries again where something could not be put back.
   */
  revertConfig(argument: _nodectl_v1_RevertConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RevertConfigResponse__Output>): grpc.ClientUnaryCall;
  revertConfig(argument: _nodectl_v1_RevertConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_RevertConfigResponse__Output>): grpc.ClientUnaryCall;
  revertConfig(argument: _nodectl_v1_RevertConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RevertConfigResponse__Output>): grpc.ClientUnaryCall;
  revertConfig(argument: _nodectl_v1_RevertConfigRequest, callback: grpc.requestCallback<_nodectl_v1_RevertConfigResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * The config document that a node is made from: planned, applied, tried, kept and watched.
 */
export interface ConfigServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Applies a document. Answers when it is applied and verified, or tried and waiting to be confirmed, or put back.
   */
  ApplyConfig: grpc.handleUnaryCall<_nodectl_v1_ApplyConfigRequest__Output, _nodectl_v1_ApplyConfigResponse>;
  
  /**
   * A document that describes the node as it stands now, without secrets.
   */
  CaptureConfig: grpc.handleUnaryCall<_nodectl_v1_CaptureConfigRequest__Output, _nodectl_v1_CaptureConfigResponse>;
  
  /**
   * Ends a trial well. Must come over another connection than the one that started the trial.
   */
  ConfirmConfig: grpc.handleUnaryCall<_nodectl_v1_ConfirmConfigRequest__Output, _nodectl_v1_ConfirmConfigResponse>;
  
  /**
   * A revision's document and how it came about. Sealed values stay sealed.
   */
  GetConfig: grpc.handleUnaryCall<_nodectl_v1_GetConfigRequest__Output, _nodectl_v1_GetConfigResponse>;
  
  /**
   * What on the node is no longer what the running document says, and since when.
   */
  GetDrift: grpc.handleUnaryCall<_nodectl_v1_GetDriftRequest__Output, _nodectl_v1_GetDriftResponse>;
  
  /**
   * The public key to which secrets for this node are sealed. It is made when it is first asked for.
   */
  GetSealKey: grpc.handleUnaryCall<_nodectl_v1_GetSealKeyRequest__Output, _nodectl_v1_GetSealKeyResponse>;
  
  /**
   * The revisions that the node keeps, newest first.
   */
  ListRevisions: grpc.handleUnaryCall<_nodectl_v1_ListRevisionsRequest__Output, _nodectl_v1_ListRevisionsResponse>;
  
  /**
   * What a document would change on the node as it is now. Changes nothing.
   */
  PlanConfig: grpc.handleUnaryCall<_nodectl_v1_PlanConfigRequest__Output, _nodectl_v1_PlanConfigResponse>;
  
  /**
   * Ends a trial by putting everything back before its deadline. Tries again where something could not be put back.
   */
  RevertConfig: grpc.handleUnaryCall<_nodectl_v1_RevertConfigRequest__Output, _nodectl_v1_RevertConfigResponse>;
  
}

export interface ConfigServiceDefinition extends grpc.ServiceDefinition {
  ApplyConfig: MethodDefinition<_nodectl_v1_ApplyConfigRequest, _nodectl_v1_ApplyConfigResponse, _nodectl_v1_ApplyConfigRequest__Output, _nodectl_v1_ApplyConfigResponse__Output>
  CaptureConfig: MethodDefinition<_nodectl_v1_CaptureConfigRequest, _nodectl_v1_CaptureConfigResponse, _nodectl_v1_CaptureConfigRequest__Output, _nodectl_v1_CaptureConfigResponse__Output>
  ConfirmConfig: MethodDefinition<_nodectl_v1_ConfirmConfigRequest, _nodectl_v1_ConfirmConfigResponse, _nodectl_v1_ConfirmConfigRequest__Output, _nodectl_v1_ConfirmConfigResponse__Output>
  GetConfig: MethodDefinition<_nodectl_v1_GetConfigRequest, _nodectl_v1_GetConfigResponse, _nodectl_v1_GetConfigRequest__Output, _nodectl_v1_GetConfigResponse__Output>
  GetDrift: MethodDefinition<_nodectl_v1_GetDriftRequest, _nodectl_v1_GetDriftResponse, _nodectl_v1_GetDriftRequest__Output, _nodectl_v1_GetDriftResponse__Output>
  GetSealKey: MethodDefinition<_nodectl_v1_GetSealKeyRequest, _nodectl_v1_GetSealKeyResponse, _nodectl_v1_GetSealKeyRequest__Output, _nodectl_v1_GetSealKeyResponse__Output>
  ListRevisions: MethodDefinition<_nodectl_v1_ListRevisionsRequest, _nodectl_v1_ListRevisionsResponse, _nodectl_v1_ListRevisionsRequest__Output, _nodectl_v1_ListRevisionsResponse__Output>
  PlanConfig: MethodDefinition<_nodectl_v1_PlanConfigRequest, _nodectl_v1_PlanConfigResponse, _nodectl_v1_PlanConfigRequest__Output, _nodectl_v1_PlanConfigResponse__Output>
  RevertConfig: MethodDefinition<_nodectl_v1_RevertConfigRequest, _nodectl_v1_RevertConfigResponse, _nodectl_v1_RevertConfigRequest__Output, _nodectl_v1_RevertConfigResponse__Output>
}
