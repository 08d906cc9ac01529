// @ts-nocheck
// Original file: nodectl/v1/bundle.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CollectBundleRequest as _nodectl_v1_CollectBundleRequest, CollectBundleRequest__Output as _nodectl_v1_CollectBundleRequest__Output } from '../../nodectl/v1/CollectBundleRequest.ts';
import type { CollectBundleResponse as _nodectl_v1_CollectBundleResponse, CollectBundleResponse__Output as _nodectl_v1_CollectBundleResponse__Output } from '../../nodectl/v1/CollectBundleResponse.ts';

/**
 * Everything that somebody who helps from afar asks for first.
 */
export interface BundleServiceClient extends grpc.Client {
  /**
   * Collects what the checks read of the node, its logs, its history and its metrics, without secrets, and sends it file by file.
   * A reader may call it: readers see logs, findings, history and metrics by calls of their own, and a bundle holds nothing that
   * is more secret than those. One is collected at a time.
   */
  CollectBundle(argument: _nodectl_v1_CollectBundleRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_CollectBundleResponse__Output>;
  CollectBundle(argument: _nodectl_v1_CollectBundleRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_CollectBundleResponse__Output>;
  /**
   * Collects what the checks read of the node, its logs, its history and its metrics, without secrets, and sends it file by file.
   * A reader may call it: readers see logs, findings, history and metrics by calls of their own, and a bundle holds nothing that
   * is more secret than those. One is collected at a time.
   */
  collectBundle(argument: _nodectl_v1_CollectBundleRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_CollectBundleResponse__Output>;
  collectBundle(argument: _nodectl_v1_CollectBundleRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_CollectBundleResponse__Output>;
  
}

/**
 * Everything that somebody who helps from afar asks for first.
 */
export interface BundleServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Collects what the checks read of the node, its logs, its history and its metrics, without secrets, and sends it file by file.
   * A reader may call it: readers see logs, findings, history and metrics by calls of their own, and a bundle holds nothing that
   * is more secret than those. One is collected at a time.
   */
  CollectBundle: grpc.handleServerStreamingCall<_nodectl_v1_CollectBundleRequest__Output, _nodectl_v1_CollectBundleResponse>;
  
}

export interface BundleServiceDefinition extends grpc.ServiceDefinition {
  CollectBundle: MethodDefinition<_nodectl_v1_CollectBundleRequest, _nodectl_v1_CollectBundleResponse, _nodectl_v1_CollectBundleRequest__Output, _nodectl_v1_CollectBundleResponse__Output>
}
