// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { Slot as _nodectl_v1_Slot, Slot__Output as _nodectl_v1_Slot__Output } from '../../nodectl/v1/Slot.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * The slots.
 */
export interface ListSlotsResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * How the node chooses at boot: "grub", "systemd-boot" or "files".
   */
  'backend'?: (string);
  /**
   * Each slot.
   */
  'slots'?: (_nodectl_v1_Slot)[];
  /**
   * What is wrong with the boot loader's state, a sentence each.
   */
  'problems'?: (string)[];
  /**
   * The lowest serial number of an image that is taken without leave to downgrade.
   */
  'serialFloor'?: (number | string | Long);
}

/**
 * The slots.
 */
export interface ListSlotsResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * How the node chooses at boot: "grub", "systemd-boot" or "files".
   */
  'backend': (string);
  /**
   * Each slot.
   */
  'slots': (_nodectl_v1_Slot__Output)[];
  /**
   * What is wrong with the boot loader's state, a sentence each.
   */
  'problems': (string)[];
  /**
   * The lowest serial number of an image that is taken without leave to downgrade.
   */
  'serialFloor': (number);
}
