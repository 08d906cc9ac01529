// @ts-nocheck
// Original file: nodectl/v1/issuer.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { EnrolRequest as _nodectl_v1_EnrolRequest, EnrolRequest__Output as _nodectl_v1_EnrolRequest__Output } from '../../nodectl/v1/EnrolRequest.ts';
import type { EnrolResponse as _nodectl_v1_EnrolResponse, EnrolResponse__Output as _nodectl_v1_EnrolResponse__Output } from '../../nodectl/v1/EnrolResponse.ts';

/**
 * Gives a node its first certificate. Served on an issuer's enrolment port, where callers have no certificate.
 */
export interface EnrolmentServiceClient extends grpc.Client {
  /**
   * Exchanges a token and a certificate request for a certificate. A token works once. The names in the certificate
   * come from the token; those in the request are ignored.
   */
  Enrol(argument: _nodectl_v1_EnrolRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _nodectl_v1_EnrolRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _nodectl_v1_EnrolRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _nodectl_v1_EnrolRequest, callback: grpc.requestCallback<_nodectl_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Exchanges a token and a certificate request for a certificate. A token works once. The names in the certificate
   * come from the token; those in the request are ignored.
   */
  enrol(argument: _nodectl_v1_EnrolRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _nodectl_v1_EnrolRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _nodectl_v1_EnrolRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _nodectl_v1_EnrolRequest, callback: grpc.requestCallback<_nodectl_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * Gives a node its first certificate. Served on an issuer's enrolment port, where callers have no certificate.
 */
export interface EnrolmentServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Exchanges a token and a certificate request for a certificate. A token works once. The names in the certificate
   * come from the token; those in the request are ignored.
   */
  Enrol: grpc.handleUnaryCall<_nodectl_v1_EnrolRequest__Output, _nodectl_v1_EnrolResponse>;
  
}

export interface EnrolmentServiceDefinition extends grpc.ServiceDefinition {
  Enrol: MethodDefinition<_nodectl_v1_EnrolRequest, _nodectl_v1_EnrolResponse, _nodectl_v1_EnrolRequest__Output, _nodectl_v1_EnrolResponse__Output>
}
