// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AbortUpgradeRequest as _nodectl_v1_AbortUpgradeRequest, AbortUpgradeRequest__Output as _nodectl_v1_AbortUpgradeRequest__Output } from '../../nodectl/v1/AbortUpgradeRequest.ts';
import type { AbortUpgradeResponse as _nodectl_v1_AbortUpgradeResponse, AbortUpgradeResponse__Output as _nodectl_v1_AbortUpgradeResponse__Output } from '../../nodectl/v1/AbortUpgradeResponse.ts';
import type { ConfirmUpgradeRequest as _nodectl_v1_ConfirmUpgradeRequest, ConfirmUpgradeRequest__Output as _nodectl_v1_ConfirmUpgradeRequest__Output } from '../../nodectl/v1/ConfirmUpgradeRequest.ts';
import type { ConfirmUpgradeResponse as _nodectl_v1_ConfirmUpgradeResponse, ConfirmUpgradeResponse__Output as _nodectl_v1_ConfirmUpgradeResponse__Output } from '../../nodectl/v1/ConfirmUpgradeResponse.ts';
import type { GetUpgradeRequest as _nodectl_v1_GetUpgradeRequest, GetUpgradeRequest__Output as _nodectl_v1_GetUpgradeRequest__Output } from '../../nodectl/v1/GetUpgradeRequest.ts';
import type { GetUpgradeResponse as _nodectl_v1_GetUpgradeResponse, GetUpgradeResponse__Output as _nodectl_v1_GetUpgradeResponse__Output } from '../../nodectl/v1/GetUpgradeResponse.ts';
import type { ListSlotsRequest as _nodectl_v1_ListSlotsRequest, ListSlotsRequest__Output as _nodectl_v1_ListSlotsRequest__Output } from '../../nodectl/v1/ListSlotsRequest.ts';
import type { ListSlotsResponse as _nodectl_v1_ListSlotsResponse, ListSlotsResponse__Output as _nodectl_v1_ListSlotsResponse__Output } from '../../nodectl/v1/ListSlotsResponse.ts';
import type { ListUpgradesRequest as _nodectl_v1_ListUpgradesRequest, ListUpgradesRequest__Output as _nodectl_v1_ListUpgradesRequest__Output } from '../../nodectl/v1/ListUpgradesRequest.ts';
import type { ListUpgradesResponse as _nodectl_v1_ListUpgradesResponse, ListUpgradesResponse__Output as _nodectl_v1_ListUpgradesResponse__Output } from '../../nodectl/v1/ListUpgradesResponse.ts';
import type { PlanUpgradeRequest as _nodectl_v1_PlanUpgradeRequest, PlanUpgradeRequest__Output as _nodectl_v1_PlanUpgradeRequest__Output } from '../../nodectl/v1/PlanUpgradeRequest.ts';
import type { PlanUpgradeResponse as _nodectl_v1_PlanUpgradeResponse, PlanUpgradeResponse__Output as _nodectl_v1_PlanUpgradeResponse__Output } from '../../nodectl/v1/PlanUpgradeResponse.ts';
import type { RebootUpgradeRequest as _nodectl_v1_RebootUpgradeRequest, RebootUpgradeRequest__Output as _nodectl_v1_RebootUpgradeRequest__Output } from '../../nodectl/v1/RebootUpgradeRequest.ts';
import type { RebootUpgradeResponse as _nodectl_v1_RebootUpgradeResponse, RebootUpgradeResponse__Output as _nodectl_v1_RebootUpgradeResponse__Output } from '../../nodectl/v1/RebootUpgradeResponse.ts';
import type { RollbackUpgradeRequest as _nodectl_v1_RollbackUpgradeRequest, RollbackUpgradeRequest__Output as _nodectl_v1_RollbackUpgradeRequest__Output } from '../../nodectl/v1/RollbackUpgradeRequest.ts';
import type { RollbackUpgradeResponse as _nodectl_v1_RollbackUpgradeResponse, RollbackUpgradeResponse__Output as _nodectl_v1_RollbackUpgradeResponse__Output } from '../../nodectl/v1/RollbackUpgradeResponse.ts';
import type { StartUpgradeRequest as _nodectl_v1_StartUpgradeRequest, StartUpgradeRequest__Output as _nodectl_v1_StartUpgradeRequest__Output } from '../../nodectl/v1/StartUpgradeRequest.ts';
import type { StartUpgradeResponse as _nodectl_v1_StartUpgradeResponse, StartUpgradeResponse__Output as _nodectl_v1_StartUpgradeResponse__Output } from '../../nodectl/v1/StartUpgradeResponse.ts';
import type { TransferImageRequest as _nodectl_v1_TransferImageRequest, TransferImageRequest__Output as _nodectl_v1_TransferImageRequest__Output } from '../../nodectl/v1/TransferImageRequest.ts';
import type { TransferImageResponse as _nodectl_v1_TransferImageResponse, TransferImageResponse__Output as _nodectl_v1_TransferImageResponse__Output } from '../../nodectl/v1/TransferImageResponse.ts';
import type { WatchUpgradeRequest as _nodectl_v1_WatchUpgradeRequest, WatchUpgradeRequest__Output as _nodectl_v1_WatchUpgradeRequest__Output } from '../../nodectl/v1/WatchUpgradeRequest.ts';
import type { WatchUpgradeResponse as _nodectl_v1_WatchUpgradeResponse, WatchUpgradeResponse__Output as _nodectl_v1_WatchUpgradeResponse__Output } from '../../nodectl/v1/WatchUpgradeResponse.ts';

/**
 * Upgrades of a node's image: a signed image is written to the slot that does not run, booted, tested, and confirmed or left again.
 * The node owns an upgrade: whoever started it may go away, and anybody can watch it, end it or go on with it.
 */
export interface UpgradeServiceClient extends grpc.Client {
  /**
   * Ends an upgrade: before the reboot the running slot just stays; while it is being tested the node reboots into the slot before.
   * The slot of a rollback is what it was before; that of an upgrade is not booted any more.
   */
  AbortUpgrade(argument: _nodectl_v1_AbortUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_AbortUpgradeResponse__Output>): grpc.ClientUnaryCall;
  AbortUpgrade(argument: _nodectl_v1_AbortUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_AbortUpgradeResponse__Output>): grpc.ClientUnaryCall;
  AbortUpgrade(argument: _nodectl_v1_AbortUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_AbortUpgradeResponse__Output>): grpc.ClientUnaryCall;
  AbortUpgrade(argument: _nodectl_v1_AbortUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_AbortUpgradeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Ends an upgrade: before the reboot the running slot just stays; while it is being tested the node reboots into the slot before.
   * The slot of a rollback is what it was before; that of an upgrade is not booted any more.
   */
  abortUpgrade(argument: _nodectl_v1_AbortUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_AbortUpgradeResponse__Output>): grpc.ClientUnaryCall;
  abortUpgrade(argument: _nodectl_v1_AbortUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_AbortUpgradeResponse__Output>): grpc.ClientUnaryCall;
  abortUpgrade(argument: _nodectl_v1_AbortUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_AbortUpgradeResponse__Output>): grpc.ClientUnaryCall;
  abortUpgrade(argument: _nodectl_v1_AbortUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_AbortUpgradeResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Confirms an upgrade that is being tested and waits for an operator.
   */
  ConfirmUpgrade(argument: _nodectl_v1_ConfirmUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ConfirmUpgradeResponse__Output>): grpc.ClientUnaryCall;
  ConfirmUpgrade(argument: _nodectl_v1_ConfirmUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ConfirmUpgradeResponse__Output>): grpc.ClientUnaryCall;
  ConfirmUpgrade(argument: _nodectl_v1_ConfirmUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ConfirmUpgradeResponse__Output>): grpc.ClientUnaryCall;
  ConfirmUpgrade(argument: _nodectl_v1_ConfirmUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_ConfirmUpgradeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Confirms an upgrade that is being tested and waits for an operator.
   */
  confirmUpgrade(argument: _nodectl_v1_ConfirmUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ConfirmUpgradeResponse__Output>): grpc.ClientUnaryCall;
  confirmUpgrade(argument: _nodectl_v1_ConfirmUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ConfirmUpgradeResponse__Output>): grpc.ClientUnaryCall;
  confirmUpgrade(argument: _nodectl_v1_ConfirmUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ConfirmUpgradeResponse__Output>): grpc.ClientUnaryCall;
  confirmUpgrade(argument: _nodectl_v1_ConfirmUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_ConfirmUpgradeResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * How an upgrade stands.
   */
  GetUpgrade(argument: _nodectl_v1_GetUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetUpgradeResponse__Output>): grpc.ClientUnaryCall;
  GetUpgrade(argument: _nodectl_v1_GetUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetUpgradeResponse__Output>): grpc.ClientUnaryCall;
  GetUpgrade(argument: _nodectl_v1_GetUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetUpgradeResponse__Output>): grpc.ClientUnaryCall;
  GetUpgrade(argument: _nodectl_v1_GetUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_GetUpgradeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * How an upgrade stands.
   */
  getUpgrade(argument: _nodectl_v1_GetUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetUpgradeResponse__Output>): grpc.ClientUnaryCall;
  getUpgrade(argument: _nodectl_v1_GetUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_GetUpgradeResponse__Output>): grpc.ClientUnaryCall;
  getUpgrade(argument: _nodectl_v1_GetUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_GetUpgradeResponse__Output>): grpc.ClientUnaryCall;
  getUpgrade(argument: _nodectl_v1_GetUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_GetUpgradeResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * The slots: what each holds, which runs, which boots next, and how often each may still be tried.
   */
  ListSlots(argument: _nodectl_v1_ListSlotsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListSlotsResponse__Output>): grpc.ClientUnaryCall;
  ListSlots(argument: _nodectl_v1_ListSlotsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListSlotsResponse__Output>): grpc.ClientUnaryCall;
  ListSlots(argument: _nodectl_v1_ListSlotsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListSlotsResponse__Output>): grpc.ClientUnaryCall;
  ListSlots(argument: _nodectl_v1_ListSlotsRequest, callback: grpc.requestCallback<_nodectl_v1_ListSlotsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * The slots: what each holds, which runs, which boots next, and how often each may still be tried.
   */
  listSlots(argument: _nodectl_v1_ListSlotsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListSlotsResponse__Output>): grpc.ClientUnaryCall;
  listSlots(argument: _nodectl_v1_ListSlotsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListSlotsResponse__Output>): grpc.ClientUnaryCall;
  listSlots(argument: _nodectl_v1_ListSlotsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListSlotsResponse__Output>): grpc.ClientUnaryCall;
  listSlots(argument: _nodectl_v1_ListSlotsRequest, callback: grpc.requestCallback<_nodectl_v1_ListSlotsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Upgrades that have ended, newest first.
   */
  ListUpgrades(argument: _nodectl_v1_ListUpgradesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListUpgradesResponse__Output>): grpc.ClientUnaryCall;
  ListUpgrades(argument: _nodectl_v1_ListUpgradesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListUpgradesResponse__Output>): grpc.ClientUnaryCall;
  ListUpgrades(argument: _nodectl_v1_ListUpgradesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListUpgradesResponse__Output>): grpc.ClientUnaryCall;
  ListUpgrades(argument: _nodectl_v1_ListUpgradesRequest, callback: grpc.requestCallback<_nodectl_v1_ListUpgradesResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Upgrades that have ended, newest first.
   */
  listUpgrades(argument: _nodectl_v1_ListUpgradesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListUpgradesResponse__Output>): grpc.ClientUnaryCall;
  listUpgrades(argument: _nodectl_v1_ListUpgradesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_ListUpgradesResponse__Output>): grpc.ClientUnaryCall;
  listUpgrades(argument: _nodectl_v1_ListUpgradesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_ListUpgradesResponse__Output>): grpc.ClientUnaryCall;
  listUpgrades(argument: _nodectl_v1_ListUpgradesRequest, callback: grpc.requestCallback<_nodectl_v1_ListUpgradesResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * What an upgrade would do on the node as it is now, with everything that stands against it. Changes nothing.
   */
  PlanUpgrade(argument: _nodectl_v1_PlanUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_PlanUpgradeResponse__Output>): grpc.ClientUnaryCall;
  PlanUpgrade(argument: _nodectl_v1_PlanUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_PlanUpgradeResponse__Output>): grpc.ClientUnaryCall;
  PlanUpgrade(argument: _nodectl_v1_PlanUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_PlanUpgradeResponse__Output>): grpc.ClientUnaryCall;
  PlanUpgrade(argument: _nodectl_v1_PlanUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_PlanUpgradeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * What an upgrade would do on the node as it is now, with everything that stands against it. Changes nothing.
   */
  planUpgrade(argument: _nodectl_v1_PlanUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_PlanUpgradeResponse__Output>): grpc.ClientUnaryCall;
  planUpgrade(argument: _nodectl_v1_PlanUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_PlanUpgradeResponse__Output>): grpc.ClientUnaryCall;
  planUpgrade(argument: _nodectl_v1_PlanUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_PlanUpgradeResponse__Output>): grpc.ClientUnaryCall;
  planUpgrade(argument: _nodectl_v1_PlanUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_PlanUpgradeResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Reboots into an upgrade that is armed and was started without a reboot.
   */
  RebootUpgrade(argument: _nodectl_v1_RebootUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RebootUpgradeResponse__Output>): grpc.ClientUnaryCall;
  RebootUpgrade(argument: _nodectl_v1_RebootUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_RebootUpgradeResponse__Output>): grpc.ClientUnaryCall;
  RebootUpgrade(argument: _nodectl_v1_RebootUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RebootUpgradeResponse__Output>): grpc.ClientUnaryCall;
  RebootUpgrade(argument: _nodectl_v1_RebootUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_RebootUpgradeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Reboots into an upgrade that is armed and was started without a reboot.
   */
  rebootUpgrade(argument: _nodectl_v1_RebootUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RebootUpgradeResponse__Output>): grpc.ClientUnaryCall;
  rebootUpgrade(argument: _nodectl_v1_RebootUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_RebootUpgradeResponse__Output>): grpc.ClientUnaryCall;
  rebootUpgrade(argument: _nodectl_v1_RebootUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RebootUpgradeResponse__Output>): grpc.ClientUnaryCall;
  rebootUpgrade(argument: _nodectl_v1_RebootUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_RebootUpgradeResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Boots the other slot, which must hold a complete image, and tests it as an upgrade is tested. Nothing is transferred.
   */
  RollbackUpgrade(argument: _nodectl_v1_RollbackUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RollbackUpgradeResponse__Output>): grpc.ClientUnaryCall;
  RollbackUpgrade(argument: _nodectl_v1_RollbackUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_RollbackUpgradeResponse__Output>): grpc.ClientUnaryCall;
  RollbackUpgrade(argument: _nodectl_v1_RollbackUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RollbackUpgradeResponse__Output>): grpc.ClientUnaryCall;
  RollbackUpgrade(argument: _nodectl_v1_RollbackUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_RollbackUpgradeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Boots the other slot, which must hold a complete image, and tests it as an upgrade is tested. Nothing is transferred.
   */
  rollbackUpgrade(argument: _nodectl_v1_RollbackUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RollbackUpgradeResponse__Output>): grpc.ClientUnaryCall;
  rollbackUpgrade(argument: _nodectl_v1_RollbackUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_RollbackUpgradeResponse__Output>): grpc.ClientUnaryCall;
  rollbackUpgrade(argument: _nodectl_v1_RollbackUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_RollbackUpgradeResponse__Output>): grpc.ClientUnaryCall;
  rollbackUpgrade(argument: _nodectl_v1_RollbackUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_RollbackUpgradeResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Begins an upgrade: the other slot is made unbootable, and waits for the image. Refused with all that stands against it.
   */
  StartUpgrade(argument: _nodectl_v1_StartUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_StartUpgradeResponse__Output>): grpc.ClientUnaryCall;
  StartUpgrade(argument: _nodectl_v1_StartUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_StartUpgradeResponse__Output>): grpc.ClientUnaryCall;
  StartUpgrade(argument: _nodectl_v1_StartUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_StartUpgradeResponse__Output>): grpc.ClientUnaryCall;
  StartUpgrade(argument: _nodectl_v1_StartUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_StartUpgradeResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Begins an upgrade: the other slot is made unbootable, and waits for the image. Refused with all that stands against it.
   */
  startUpgrade(argument: _nodectl_v1_StartUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_StartUpgradeResponse__Output>): grpc.ClientUnaryCall;
  startUpgrade(argument: _nodectl_v1_StartUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_nodectl_v1_StartUpgradeResponse__Output>): grpc.ClientUnaryCall;
  startUpgrade(argument: _nodectl_v1_StartUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_nodectl_v1_StartUpgradeResponse__Output>): grpc.ClientUnaryCall;
  startUpgrade(argument: _nodectl_v1_StartUpgradeRequest, callback: grpc.requestCallback<_nodectl_v1_StartUpgradeResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Carries the image over. The first request names the upgrade; the node answers where it wants to be sent from. Ends when the
   * node has all of it, flushed. A stream that breaks costs what was not acknowledged: call again and go on.
   */
  TransferImage(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_nodectl_v1_TransferImageRequest, _nodectl_v1_TransferImageResponse__Output>;
  TransferImage(options?: grpc.CallOptions): grpc.ClientDuplexStream<_nodectl_v1_TransferImageRequest, _nodectl_v1_TransferImageResponse__Output>;
  /**
   * Carries the image over. The first request names the upgrade; the node answers where it wants to be sent from. Ends when the
   * node has all of it, flushed. A stream that breaks costs what was not acknowledged: call again and go on.
   */
  transferImage(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_nodectl_v1_TransferImageRequest, _nodectl_v1_TransferImageResponse__Output>;
  transferImage(options?: grpc.CallOptions): grpc.ClientDuplexStream<_nodectl_v1_TransferImageRequest, _nodectl_v1_TransferImageResponse__Output>;
  
  /**
   * How an upgrade goes on: once as it stands, then at every change and at least every 5 s, until it has ended. Its reboot ends
   * the stream with DRAINING or a broken connection: call again.
   */
  WatchUpgrade(argument: _nodectl_v1_WatchUpgradeRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_WatchUpgradeResponse__Output>;
  WatchUpgrade(argument: _nodectl_v1_WatchUpgradeRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_WatchUpgradeResponse__Output>;
  /**
   * How an upgrade goes on: once as it stands, then at every change and at least every 5 s, until it has ended. Its reboot ends
   * the stream with DRAINING or a broken connection: call again.
   */
  watchUpgrade(argument: _nodectl_v1_WatchUpgradeRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_WatchUpgradeResponse__Output>;
  watchUpgrade(argument: _nodectl_v1_WatchUpgradeRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_nodectl_v1_WatchUpgradeResponse__Output>;
  
}

/**
 * Upgrades of a node's image: a signed image is written to the slot that does not run, booted, tested, and confirmed or left again.
 * The node owns an upgrade: whoever started it may go away, and anybody can watch it, end it or go on with it.
 */
export interface UpgradeServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Ends an upgrade: before the reboot the running slot just stays; while it is being tested the node reboots into the slot before.
   * The slot of a rollback is what it was before; that of an upgrade is not booted any more.
   */
  AbortUpgrade: grpc.handleUnaryCall<_nodectl_v1_AbortUpgradeRequest__Output, _nodectl_v1_AbortUpgradeResponse>;
  
  /**
   * Confirms an upgrade that is being tested and waits for an operator.
   */
  ConfirmUpgrade: grpc.handleUnaryCall<_nodectl_v1_ConfirmUpgradeRequest__Output, _nodectl_v1_ConfirmUpgradeResponse>;
  
  /**
   * How an upgrade stands.
   */
  GetUpgrade: grpc.handleUnaryCall<_nodectl_v1_GetUpgradeRequest__Output, _nodectl_v1_GetUpgradeResponse>;
  
  /**
   * The slots: what each holds, which runs, which boots next, and how often each may still be tried.
   */
  ListSlots: grpc.handleUnaryCall<_nodectl_v1_ListSlotsRequest__Output, _nodectl_v1_ListSlotsResponse>;
  
  /**
   * Upgrades that have ended, newest first.
   */
  ListUpgrades: grpc.handleUnaryCall<_nodectl_v1_ListUpgradesRequest__Output, _nodectl_v1_ListUpgradesResponse>;
  
  /**
   * What an upgrade would do on the node as it is now, with everything that stands against it. Changes nothing.
   */
  PlanUpgrade: grpc.handleUnaryCall<_nodectl_v1_PlanUpgradeRequest__Output, _nodectl_v1_PlanUpgradeResponse>;
  
  /**
   * Reboots into an upgrade that is armed and was started without a reboot.
   */
  RebootUpgrade: grpc.handleUnaryCall<_nodectl_v1_RebootUpgradeRequest__Output, _nodectl_v1_RebootUpgradeResponse>;
  
  /**
   * Boots the other slot, which must hold a complete image, and tests it as an upgrade is tested. Nothing is transferred.
   */
  RollbackUpgrade: grpc.handleUnaryCall<_nodectl_v1_RollbackUpgradeRequest__Output, _nodectl_v1_RollbackUpgradeResponse>;
  
  /**
   * Begins an upgrade: the other slot is made unbootable, and waits for the image. Refused with all that stands against it.
   */
  StartUpgrade: grpc.handleUnaryCall<_nodectl_v1_StartUpgradeRequest__Output, _nodectl_v1_StartUpgradeResponse>;
  
  /**
   * Carries the image over. The first request names the upgrade; the node answers where it wants to be sent from. Ends when the
   * node has all of it, flushed. A stream that breaks costs what was not acknowledged: call again and go on.
   */
  TransferImage: grpc.handleBidiStreamingCall<_nodectl_v1_TransferImageRequest__Output, _nodectl_v1_TransferImageResponse>;
  
  /**
   * How an upgrade goes on: once as it stands, then at every change and at least every 5 s, until it has ended. Its reboot ends
   * the stream with DRAINING or a broken connection: call again.
   */
  WatchUpgrade: grpc.handleServerStreamingCall<_nodectl_v1_WatchUpgradeRequest__Output, _nodectl_v1_WatchUpgradeResponse>;
  
}

export interface UpgradeServiceDefinition extends grpc.ServiceDefinition {
  AbortUpgrade: MethodDefinition<_nodectl_v1_AbortUpgradeRequest, _nodectl_v1_AbortUpgradeResponse, _nodectl_v1_AbortUpgradeRequest__Output, _nodectl_v1_AbortUpgradeResponse__Output>
  ConfirmUpgrade: MethodDefinition<_nodectl_v1_ConfirmUpgradeRequest, _nodectl_v1_ConfirmUpgradeResponse, _nodectl_v1_ConfirmUpgradeRequest__Output, _nodectl_v1_ConfirmUpgradeResponse__Output>
  GetUpgrade: MethodDefinition<_nodectl_v1_GetUpgradeRequest, _nodectl_v1_GetUpgradeResponse, _nodectl_v1_GetUpgradeRequest__Output, _nodectl_v1_GetUpgradeResponse__Output>
  ListSlots: MethodDefinition<_nodectl_v1_ListSlotsRequest, _nodectl_v1_ListSlotsResponse, _nodectl_v1_ListSlotsRequest__Output, _nodectl_v1_ListSlotsResponse__Output>
  ListUpgrades: MethodDefinition<_nodectl_v1_ListUpgradesRequest, _nodectl_v1_ListUpgradesResponse, _nodectl_v1_ListUpgradesRequest__Output, _nodectl_v1_ListUpgradesResponse__Output>
  PlanUpgrade: MethodDefinition<_nodectl_v1_PlanUpgradeRequest, _nodectl_v1_PlanUpgradeResponse, _nodectl_v1_PlanUpgradeRequest__Output, _nodectl_v1_PlanUpgradeResponse__Output>
  RebootUpgrade: MethodDefinition<_nodectl_v1_RebootUpgradeRequest, _nodectl_v1_RebootUpgradeResponse, _nodectl_v1_RebootUpgradeRequest__Output, _nodectl_v1_RebootUpgradeResponse__Output>
  RollbackUpgrade: MethodDefinition<_nodectl_v1_RollbackUpgradeRequest, _nodectl_v1_RollbackUpgradeResponse, _nodectl_v1_RollbackUpgradeRequest__Output, _nodectl_v1_RollbackUpgradeResponse__Output>
  StartUpgrade: MethodDefinition<_nodectl_v1_StartUpgradeRequest, _nodectl_v1_StartUpgradeResponse, _nodectl_v1_StartUpgradeRequest__Output, _nodectl_v1_StartUpgradeResponse__Output>
  TransferImage: MethodDefinition<_nodectl_v1_TransferImageRequest, _nodectl_v1_TransferImageResponse, _nodectl_v1_TransferImageRequest__Output, _nodectl_v1_TransferImageResponse__Output>
  WatchUpgrade: MethodDefinition<_nodectl_v1_WatchUpgradeRequest, _nodectl_v1_WatchUpgradeResponse, _nodectl_v1_WatchUpgradeRequest__Output, _nodectl_v1_WatchUpgradeResponse__Output>
}
