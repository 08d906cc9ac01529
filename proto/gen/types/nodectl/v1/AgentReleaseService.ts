// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ConfirmAgentReleaseRequest as _nodectl_v1_ConfirmAgentReleaseRequest, ConfirmAgentReleaseRequest__Output as _nodectl_v1_ConfirmAgentReleaseRequest__Output } from '../../nodectl/v1/ConfirmAgentReleaseRequest.ts';
import type { ConfirmAgentReleaseResponse as _nodectl_v1_ConfirmAgentReleaseResponse, ConfirmAgentReleaseResponse__Output as _nodectl_v1_ConfirmAgentReleaseResponse__Output } from '../../nodectl/v1/ConfirmAgentReleaseResponse.ts';
import type { GetAgentReleaseRequest as _nodectl_v1_GetAgentReleaseRequest, GetAgentReleaseRequest__Output as _nodectl_v1_GetAgentReleaseRequest__Output } from '../../nodectl/v1/GetAgentReleaseRequest.ts';
import type { GetAgentReleaseResponse as _nodectl_v1_GetAgentReleaseResponse, GetAgentReleaseResponse__Output as _nodectl_v1_GetAgentReleaseResponse__Output } from '../../nodectl/v1/GetAgentReleaseResponse.ts';
import type { PlanAgentReleaseRequest as _nodectl_v1_PlanAgentReleaseRequest, PlanAgentReleaseRequest__Output as _nodectl_v1_PlanAgentReleaseRequest__Output } from '../../nodectl/v1/PlanAgentReleaseRequest.ts';
import type { PlanAgentReleaseResponse as _nodectl_v1_PlanAgentReleaseResponse, PlanAgentReleaseResponse__Output as _nodectl_v1_PlanAgentReleaseResponse__Output } from '../../nodectl/v1/PlanAgentReleaseResponse.ts';
import type { RevertAgentReleaseRequest as _nodectl_v1_RevertAgentReleaseRequest, RevertAgentReleaseRequest__Output as _nodectl_v1_RevertAgentReleaseRequest__Output } from '../../nodectl/v1/RevertAgentReleaseRequest.ts';
import type { RevertAgentReleaseResponse as _nodectl_v1_RevertAgentReleaseResponse, RevertAgentReleaseResponse__Output as _nodectl_v1_RevertAgentReleaseResponse__Output } from '../../nodectl/v1/RevertAgentReleaseResponse.ts';
import type { SendAgentReleaseRequest as _nodectl_v1_SendAgentReleaseRequest, SendAgentReleaseRequest__Output as _nodectl_v1_SendAgentReleaseRequest__Output } from '../../nodectl/v1/SendAgentReleaseRequest.ts';
import type { SendAgentReleaseResponse as _nodectl_v1_SendAgentReleaseResponse, SendAgentReleaseResponse__Output as _nodectl_v1_SendAgentReleaseResponse__Output } from '../../nodectl/v1/SendAgentReleaseResponse.ts';
import type { UseAgentReleaseRequest as _nodectl_v1_UseAgentReleaseRequest, UseAgentReleaseRequest__Output as _nodectl_v1_UseAgentReleaseRequest__Output } from '../../nodectl/v1/UseAgentReleaseRequest.ts';
import type { UseAgentReleaseResponse as _nodectl_v1_UseAgentReleaseResponse, UseAgentReleaseResponse__Output as _nodectl_v1_UseAgentReleaseResponse__Output } from '../../nodectl/v1/UseAgentReleaseResponse.ts';

/**
 * Releases of the agent itself: a signed one is sent, taken into use on trial, and confirmed or left again. What goes back from one
 * that fails is a guard outside the agent.
 */
export interface AgentReleaseServiceClient extends grpc.Client {
  /**
   * Confirms the release that runs, which ends its trial.
   */
  ConfirmAgentRelease(argument: _nodectl_v1_ConfirmAgentReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ConfirmAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  ConfirmAgentRelease(argument: _nodectl_v1_ConfirmAgentReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ConfirmAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  ConfirmAgentRelease(argument: _nodectl_v1_ConfirmAgentReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ConfirmAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  ConfirmAgentRelease(argument: _nodectl_v1_ConfirmAgentReleaseRequest, callback: grpc.requestCallback<_nodectl_v1_ConfirmAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Confirms the release that runs, which ends its trial.
   */
  confirmAgentRelease(argument: _nodectl_v1_ConfirmAgentReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ConfirmAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  confirmAgentRelease(argument: _nodectl_v1_ConfirmAgentReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ConfirmAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  confirmAgentRelease(argument: _nodectl_v1_ConfirmAgentReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ConfirmAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  confirmAgentRelease(argument: _nodectl_v1_ConfirmAgentReleaseRequest, callback: grpc.requestCallback<_nodectl_v1_ConfirmAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Which release runs, whether it is on trial, and why one was left.
   */
  GetAgentRelease(argument: _nodectl_v1_GetAgentReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  GetAgentRelease(argument: _nodectl_v1_GetAgentReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  GetAgentRelease(argument: _nodectl_v1_GetAgentReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  GetAgentRelease(argument: _nodectl_v1_GetAgentReleaseRequest, callback: grpc.requestCallback<_nodectl_v1_GetAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Which release runs, whether it is on trial, and why one was left.
   */
  getAgentRelease(argument: _nodectl_v1_GetAgentReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  getAgentRelease(argument: _nodectl_v1_GetAgentReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  getAgentRelease(argument: _nodectl_v1_GetAgentReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  getAgentRelease(argument: _nodectl_v1_GetAgentReleaseRequest, callback: grpc.requestCallback<_nodectl_v1_GetAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Whether a release could be installed. Changes nothing.
   */
  PlanAgentRelease(argument: _nodectl_v1_PlanAgentReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_PlanAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  PlanAgentRelease(argument: _nodectl_v1_PlanAgentReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_PlanAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  PlanAgentRelease(argument: _nodectl_v1_PlanAgentReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_PlanAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  PlanAgentRelease(argument: _nodectl_v1_PlanAgentReleaseRequest, callback: grpc.requestCallback<_nodectl_v1_PlanAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Whether a release could be installed. Changes nothing.
   */
  planAgentRelease(argument: _nodectl_v1_PlanAgentReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_PlanAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  planAgentRelease(argument: _nodectl_v1_PlanAgentReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_PlanAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  planAgentRelease(argument: _nodectl_v1_PlanAgentReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_PlanAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  planAgentRelease(argument: _nodectl_v1_PlanAgentReleaseRequest, callback: grpc.requestCallback<_nodectl_v1_PlanAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Goes back to the release before, on trial or not. The agent restarts soon after it has answered.
   */
  RevertAgentRelease(argument: _nodectl_v1_RevertAgentReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RevertAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  RevertAgentRelease(argument: _nodectl_v1_RevertAgentReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_RevertAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  RevertAgentRelease(argument: _nodectl_v1_RevertAgentReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RevertAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  RevertAgentRelease(argument: _nodectl_v1_RevertAgentReleaseRequest, callback: grpc.requestCallback<_nodectl_v1_RevertAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Goes back to the release before, on trial or not. The agent restarts soon after it has answered.
   */
  revertAgentRelease(argument: _nodectl_v1_RevertAgentReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RevertAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  revertAgentRelease(argument: _nodectl_v1_RevertAgentReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_RevertAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  revertAgentRelease(argument: _nodectl_v1_RevertAgentReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RevertAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  revertAgentRelease(argument: _nodectl_v1_RevertAgentReleaseRequest, callback: grpc.requestCallback<_nodectl_v1_RevertAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Carries a release over. The first request offers it, and the node answers which blobs it lacks and from where on; the last
   * answer says that it has all of it. A stream that breaks is called again and goes on. Nothing is taken into use by it.
   */
  SendAgentRelease(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_nodectl_v1_SendAgentReleaseRequest, _nodectl_v1_SendAgentReleaseResponse__Output>;
  SendAgentRelease(options?: grpc.CallOptions): grpc.ClientDuplexStream<_nodectl_v1_SendAgentReleaseRequest, _nodectl_v1_SendAgentReleaseResponse__Output>;
  /**
   * Carries a release over. The first request offers it, and the node answers which blobs it lacks and from where on; the last
   * answer says that it has all of it. A stream that breaks is called again and goes on. Nothing is taken into use by it.
   */
  sendAgentRelease(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_nodectl_v1_SendAgentReleaseRequest, _nodectl_v1_SendAgentReleaseResponse__Output>;
  sendAgentRelease(options?: grpc.CallOptions): grpc.ClientDuplexStream<_nodectl_v1_SendAgentReleaseRequest, _nodectl_v1_SendAgentReleaseResponse__Output>;
  
  /**
   * Takes a release into use that the node has, on trial. The agent restarts once it has answered.
   */
  UseAgentRelease(argument: _nodectl_v1_UseAgentReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_UseAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  UseAgentRelease(argument: _nodectl_v1_UseAgentReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_UseAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  UseAgentRelease(argument: _nodectl_v1_UseAgentReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_UseAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  UseAgentRelease(argument: _nodectl_v1_UseAgentReleaseRequest, callback: grpc.requestCallback<_nodectl_v1_UseAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Takes a release into use that the node has, on trial. The agent restarts once it has answered.
   */
  useAgentRelease(argument: _nodectl_v1_UseAgentReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_UseAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  useAgentRelease(argument: _nodectl_v1_UseAgentReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_UseAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  useAgentRelease(argument: _nodectl_v1_UseAgentReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_UseAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  useAgentRelease(argument: _nodectl_v1_UseAgentReleaseRequest, callback: grpc.requestCallback<_nodectl_v1_UseAgentReleaseResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Releases of the agent itself: a signed one is sent, taken into use on trial, and confirmed or left again. What goes back from one
 * that fails is a guard outside the agent.
 */
export interface AgentReleaseServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Confirms the release that runs, which ends its trial.
   */
  ConfirmAgentRelease: grpc.handleUnaryCall<_nodectl_v1_ConfirmAgentReleaseRequest__Output, _nodectl_v1_ConfirmAgentReleaseResponse>;
  
  /**
   * Which release runs, whether it is on trial, and why one was left.
   */
  GetAgentRelease: grpc.handleUnaryCall<_nodectl_v1_GetAgentReleaseRequest__Output, _nodectl_v1_GetAgentReleaseResponse>;
  
  /**
   * Whether a release could be installed. Changes nothing.
   */
  PlanAgentRelease: grpc.handleUnaryCall<_nodectl_v1_PlanAgentReleaseRequest__Output, _nodectl_v1_PlanAgentReleaseResponse>;
  
  /**
   * Goes back to the release before, on trial or not. The agent restarts soon after it has answered.
   */
  RevertAgentRelease: grpc.handleUnaryCall<_nodectl_v1_RevertAgentReleaseRequest__Output, _nodectl_v1_RevertAgentReleaseResponse>;
  
  /**
   * Carries a release over. The first request offers it, and the node answers which blobs it lacks and from where on; the last
   * answer says that it has all of it. A stream that breaks is called again and goes on. Nothing is taken into use by it.
   */
  SendAgentRelease: grpc.handleBidiStreamingCall<_nodectl_v1_SendAgentReleaseRequest__Output, _nodectl_v1_SendAgentReleaseResponse>;
  
  /**
   * Takes a release into use that the node has, on trial. The agent restarts once it has answered.
   */
  UseAgentRelease: grpc.handleUnaryCall<_nodectl_v1_UseAgentReleaseRequest__Output, _nodectl_v1_UseAgentReleaseResponse>;
  
}

export interface AgentReleaseServiceDefinition extends grpc.ServiceDefinition {
  ConfirmAgentRelease: MethodDefinition<_nodectl_v1_ConfirmAgentReleaseRequest, _nodectl_v1_ConfirmAgentReleaseResponse, _nodectl_v1_ConfirmAgentReleaseRequest__Output, _nodectl_v1_ConfirmAgentReleaseResponse__Output>
  GetAgentRelease: MethodDefinition<_nodectl_v1_GetAgentReleaseRequest, _nodectl_v1_GetAgentReleaseResponse, _nodectl_v1_GetAgentReleaseRequest__Output, _nodectl_v1_GetAgentReleaseResponse__Output>
  PlanAgentRelease: MethodDefinition<_nodectl_v1_PlanAgentReleaseRequest, _nodectl_v1_PlanAgentReleaseResponse, _nodectl_v1_PlanAgentReleaseRequest__Output, _nodectl_v1_PlanAgentReleaseResponse__Output>
  RevertAgentRelease: MethodDefinition<_nodectl_v1_RevertAgentReleaseRequest, _nodectl_v1_RevertAgentReleaseResponse, _nodectl_v1_RevertAgentReleaseRequest__Output, _nodectl_v1_RevertAgentReleaseResponse__Output>
  SendAgentRelease: MethodDefinition<_nodectl_v1_SendAgentReleaseRequest, _nodectl_v1_SendAgentReleaseResponse, _nodectl_v1_SendAgentReleaseRequest__Output, _nodectl_v1_SendAgentReleaseResponse__Output>
  UseAgentRelease: MethodDefinition<_nodectl_v1_UseAgentReleaseRequest, _nodectl_v1_UseAgentReleaseResponse, _nodectl_v1_UseAgentReleaseRequest__Output, _nodectl_v1_UseAgentReleaseResponse__Output>
}
