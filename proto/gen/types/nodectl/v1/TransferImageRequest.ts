// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { TransferStart as _nodectl_v1_TransferStart, TransferStart__Output as _nodectl_v1_TransferStart__Output } from '../../nodectl/v1/TransferStart.ts';
import type { TransferEnd as _nodectl_v1_TransferEnd, TransferEnd__Output as _nodectl_v1_TransferEnd__Output } from '../../nodectl/v1/TransferEnd.ts';

/**
 * A part of the image on its way to the node.
 */
export interface TransferImageRequest {
  /**
   * The first of every stream.
   */
  'start'?: (_nodectl_v1_TransferStart | null);
  /**
   * A piece of the new root's block index, where the node was told to compare; at most 256 KiB.
   */
  'index'?: (Buffer | Uint8Array | string);
  /**
   * Whole operations of the coding of images, at most 1 MiB. They go on where the node's last answer said.
   */
  'operations'?: (Buffer | Uint8Array | string);
  /**
   * All of one part of the image was sent.
   */
  'end'?: (_nodectl_v1_TransferEnd | null);
  /**
   * One of these.
   */
  'part'?: "start"|"index"|"operations"|"end";
}

/**
 * A part of the image on its way to the node.
 */
export interface TransferImageRequest__Output {
  /**
   * The first of every stream.
   */
  'start'?: (_nodectl_v1_TransferStart__Output | null);
  /**
   * A piece of the new root's block index, where the node was told to compare; at most 256 KiB.
   */
  'index'?: (Buffer);
  /**
   * Whole operations of the coding of images, at most 1 MiB. They go on where the node's last answer said.
   */
  'operations'?: (Buffer);
  /**
   * All of one part of the image was sent.
   */
  'end'?: (_nodectl_v1_TransferEnd__Output | null);
  /**
   * One of these.
   */
  'part'?: "start"|"index"|"operations"|"end";
}
