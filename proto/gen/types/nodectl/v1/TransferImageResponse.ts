// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { TransferPosition as _nodectl_v1_TransferPosition, TransferPosition__Output as _nodectl_v1_TransferPosition__Output } from '../../nodectl/v1/TransferPosition.ts';
import type { TransferDone as _nodectl_v1_TransferDone, TransferDone__Output as _nodectl_v1_TransferDone__Output } from '../../nodectl/v1/TransferDone.ts';

/**
 * The node's answers during a transfer.
 */
export interface TransferImageResponse {
  /**
   * Where to go on: the first answer to TransferStart.
   */
  'resume'?: (_nodectl_v1_TransferPosition | null);
  /**
   * Everything before this is on the disk.
   */
  'durable'?: (_nodectl_v1_TransferPosition | null);
  /**
   * Which blocks the node lacks: a bitmap, least significant bit first, a bit a block of 4 KiB of the root image; in pieces of at most
   * 256 KiB.
   */
  'needed'?: (Buffer | Uint8Array | string);
  /**
   * All of the image is on the disk.
   */
  'done'?: (_nodectl_v1_TransferDone | null);
  /**
   * One of these.
   */
  'part'?: "resume"|"durable"|"needed"|"done";
}

/**
 * The node's answers during a transfer.
 */
export interface TransferImageResponse__Output {
  /**
   * Where to go on: the first answer to TransferStart.
   */
  'resume'?: (_nodectl_v1_TransferPosition__Output | null);
  /**
   * Everything before this is on the disk.
   */
  'durable'?: (_nodectl_v1_TransferPosition__Output | null);
  /**
   * Which blocks the node lacks: a bitmap, least significant bit first, a bit a block of 4 KiB of the root image; in pieces of at most
   * 256 KiB.
   */
  'needed'?: (Buffer);
  /**
   * All of the image is on the disk.
   */
  'done'?: (_nodectl_v1_TransferDone__Output | null);
  /**
   * One of these.
   */
  'part'?: "resume"|"durable"|"needed"|"done";
}
