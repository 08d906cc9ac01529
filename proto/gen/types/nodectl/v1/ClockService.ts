// @ts-nocheck
// Original file: nodectl/v1/clock.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ExchangeTimeRequest as _nodectl_v1_ExchangeTimeRequest, ExchangeTimeRequest__Output as _nodectl_v1_ExchangeTimeRequest__Output } from '../../nodectl/v1/ExchangeTimeRequest.ts';
import type { ExchangeTimeResponse as _nodectl_v1_ExchangeTimeResponse, ExchangeTimeResponse__Output as _nodectl_v1_ExchangeTimeResponse__Output } from '../../nodectl/v1/ExchangeTimeResponse.ts';
import type { GetClockRequest as _nodectl_v1_GetClockRequest, GetClockRequest__Output as _nodectl_v1_GetClockRequest__Output } from '../../nodectl/v1/GetClockRequest.ts';
import type { GetClockResponse as _nodectl_v1_GetClockResponse, GetClockResponse__Output as _nodectl_v1_GetClockResponse__Output } from '../../nodectl/v1/GetClockResponse.ts';

/**
 * The facts of a node's clock, and the exchange of times that measures how far it is from another one. Every offset is how
 * far the node's clock is ahead, in seconds; a number that is not set was not told.
 */
export interface ClockServiceClient extends grpc.Client {
  /**
   * Answers at once with the times on the node's clock at which the request came in and the answer went out. With the
   * caller's own two times these give the offset ((receive - sent) + (transmit - received)) / 2, whose error is at most half
   * of the round trip (RFC 5905, section 8). Refused with UNKNOWN_METHOD for a captured machine, whose clock stands still.
   */
  ExchangeTime(argument: _nodectl_v1_ExchangeTimeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ExchangeTimeResponse__Output>): grpc.ClientUnaryCall;
  ExchangeTime(argument: _nodectl_v1_ExchangeTimeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ExchangeTimeResponse__Output>): grpc.ClientUnaryCall;
  ExchangeTime(argument: _nodectl_v1_ExchangeTimeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ExchangeTimeResponse__Output>): grpc.ClientUnaryCall;
  ExchangeTime(argument: _nodectl_v1_ExchangeTimeRequest, callback: grpc.requestCallback<_nodectl_v1_ExchangeTimeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Answers at once with the times on the node's clock at which the request came in and the answer went out. With the
   * caller's own two times these give the offset ((receive - sent) + (transmit - received)) / 2, whose error is at most half
   * of the round trip (RFC 5905, section 8). Refused with UNKNOWN_METHOD for a captured machine, whose clock stands still.
   */
  exchangeTime(argument: _nodectl_v1_ExchangeTimeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ExchangeTimeResponse__Output>): grpc.ClientUnaryCall;
  exchangeTime(argument: _nodectl_v1_ExchangeTimeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ExchangeTimeResponse__Output>): grpc.ClientUnaryCall;
  exchangeTime(argument: _nodectl_v1_ExchangeTimeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ExchangeTimeResponse__Output>): grpc.ClientUnaryCall;
  exchangeTime(argument: _nodectl_v1_ExchangeTimeRequest, callback: grpc.requestCallback<_nodectl_v1_ExchangeTimeResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Whether the clock is set, by what, how far it may be off; its sources; the kernel's, the hardware's and PTP clocks.
   */
  GetClock(argument: _nodectl_v1_GetClockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetClockResponse__Output>): grpc.ClientUnaryCall;
  GetClock(argument: _nodectl_v1_GetClockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetClockResponse__Output>): grpc.ClientUnaryCall;
  GetClock(argument: _nodectl_v1_GetClockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetClockResponse__Output>): grpc.ClientUnaryCall;
  GetClock(argument: _nodectl_v1_GetClockRequest, callback: grpc.requestCallback<_nodectl_v1_GetClockResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Whether the clock is set, by what, how far it may be off; its sources; the kernel's, the hardware's and PTP clocks.
   */
  getClock(argument: _nodectl_v1_GetClockRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetClockResponse__Output>): grpc.ClientUnaryCall;
  getClock(argument: _nodectl_v1_GetClockRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetClockResponse__Output>): grpc.ClientUnaryCall;
  getClock(argument: _nodectl_v1_GetClockRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetClockResponse__Output>): grpc.ClientUnaryCall;
  getClock(argument: _nodectl_v1_GetClockRequest, callback: grpc.requestCallback<_nodectl_v1_GetClockResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * The facts of a node's clock, and the exchange of times that measures how far it is from another one. Every offset is how
 * far the node's clock is ahead, in seconds; a number that is not set was not told.
 */
export interface ClockServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Answers at once with the times on the node's clock at which the request came in and the answer went out. With the
   * caller's own two times these give the offset ((receive - sent) + (transmit - received)) / 2, whose error is at most half
   * of the round trip (RFC 5905, section 8). Refused with UNKNOWN_METHOD for a captured machine, whose clock stands still.
   */
  ExchangeTime: grpc.handleUnaryCall<_nodectl_v1_ExchangeTimeRequest__Output, _nodectl_v1_ExchangeTimeResponse>;
  
  /**
   * Whether the clock is set, by what, how far it may be off; its sources; the kernel's, the hardware's and PTP clocks.
   */
  GetClock: grpc.handleUnaryCall<_nodectl_v1_GetClockRequest__Output, _nodectl_v1_GetClockResponse>;
  
}

export interface ClockServiceDefinition extends grpc.ServiceDefinition {
  ExchangeTime: MethodDefinition<_nodectl_v1_ExchangeTimeRequest, _nodectl_v1_ExchangeTimeResponse, _nodectl_v1_ExchangeTimeRequest__Output, _nodectl_v1_ExchangeTimeResponse__Output>
  GetClock: MethodDefinition<_nodectl_v1_GetClockRequest, _nodectl_v1_GetClockResponse, _nodectl_v1_GetClockRequest__Output, _nodectl_v1_GetClockResponse__Output>
}
