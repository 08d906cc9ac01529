// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DiagnoseRequest as _nodectl_v1_DiagnoseRequest, DiagnoseRequest__Output as _nodectl_v1_DiagnoseRequest__Output } from '../../nodectl/v1/DiagnoseRequest.ts';
import type { DiagnoseResponse as _nodectl_v1_DiagnoseResponse, DiagnoseResponse__Output as _nodectl_v1_DiagnoseResponse__Output } from '../../nodectl/v1/DiagnoseResponse.ts';
import type { ListChecksRequest as _nodectl_v1_ListChecksRequest, ListChecksRequest__Output as _nodectl_v1_ListChecksRequest__Output } from '../../nodectl/v1/ListChecksRequest.ts';
import type { ListChecksResponse as _nodectl_v1_ListChecksResponse, ListChecksResponse__Output as _nodectl_v1_ListChecksResponse__Output } from '../../nodectl/v1/ListChecksResponse.ts';

/**
 * What is wrong with a node, in findings with evidence and remedy.
 */
export interface DiagnosticsServiceClient extends grpc.Client {
  /**
   * Runs checks on the node and answers with what they found, how each of them ended, and what could not be read. Checks that
   * run only where they are named write to the node: naming one needs the role operator or admin. Callers that ask the same at
   * once share an answer.
   */
  Diagnose(argument: _nodectl_v1_DiagnoseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  Diagnose(argument: _nodectl_v1_DiagnoseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  Diagnose(argument: _nodectl_v1_DiagnoseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  Diagnose(argument: _nodectl_v1_DiagnoseRequest, callback: grpc.requestCallback<_nodectl_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Runs checks on the node and answers with what they found, how each of them ended, and what could not be read. Checks that
   * run only where they are named write to the node: naming one needs the role operator or admin. Callers that ask the same at
   * once share an answer.
   */
  diagnose(argument: _nodectl_v1_DiagnoseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  diagnose(argument: _nodectl_v1_DiagnoseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  diagnose(argument: _nodectl_v1_DiagnoseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  diagnose(argument: _nodectl_v1_DiagnoseRequest, callback: grpc.requestCallback<_nodectl_v1_DiagnoseResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The checks that this agent knows: what each reads, its thresholds as they are in force, and where those come from.
   */
  ListChecks(argument: _nodectl_v1_ListChecksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListChecksResponse__Output>): grpc.ClientUnaryCall;
  ListChecks(argument: _nodectl_v1_ListChecksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListChecksResponse__Output>): grpc.ClientUnaryCall;
  ListChecks(argument: _nodectl_v1_ListChecksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListChecksResponse__Output>): grpc.ClientUnaryCall;
  ListChecks(argument: _nodectl_v1_ListChecksRequest, callback: grpc.requestCallback<_nodectl_v1_ListChecksResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The checks that this agent knows: what each reads, its thresholds as they are in force, and where those come from.
   */
  listChecks(argument: _nodectl_v1_ListChecksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListChecksResponse__Output>): grpc.ClientUnaryCall;
  listChecks(argument: _nodectl_v1_ListChecksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListChecksResponse__Output>): grpc.ClientUnaryCall;
  listChecks(argument: _nodectl_v1_ListChecksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListChecksResponse__Output>): grpc.ClientUnaryCall;
  listChecks(argument: _nodectl_v1_ListChecksRequest, callback: grpc.requestCallback<_nodectl_v1_ListChecksResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * What is wrong with a node, in findings with evidence and remedy.
 */
export interface DiagnosticsServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Runs checks on the node and answers with what they found, how each of them ended, and what could not be read. Checks that
   * run only where they are named write to the node: naming one needs the role operator or admin. Callers that ask the same at
   * once share an answer.
   */
  Diagnose: grpc.handleUnaryCall<_nodectl_v1_DiagnoseRequest__Output, _nodectl_v1_DiagnoseResponse>;
  
  /**
   * The checks that this agent knows: what each reads, its thresholds as they are in force, and where those come from.
   */
  ListChecks: grpc.handleUnaryCall<_nodectl_v1_ListChecksRequest__Output, _nodectl_v1_ListChecksResponse>;
  
}

export interface DiagnosticsServiceDefinition extends grpc.ServiceDefinition {
  Diagnose: MethodDefinition<_nodectl_v1_DiagnoseRequest, _nodectl_v1_DiagnoseResponse, _nodectl_v1_DiagnoseRequest__Output, _nodectl_v1_DiagnoseResponse__Output>
  ListChecks: MethodDefinition<_nodectl_v1_ListChecksRequest, _nodectl_v1_ListChecksResponse, _nodectl_v1_ListChecksRequest__Output, _nodectl_v1_ListChecksResponse__Output>
}
