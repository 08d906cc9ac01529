// @ts-nocheck
// Original file: nodectl/v1/kernel.proto

import type { KernelTrouble as _nodectl_v1_KernelTrouble, KernelTrouble__Output as _nodectl_v1_KernelTrouble__Output } from '../../nodectl/v1/KernelTrouble.ts';

/**
 * Known troubles.
 */
export interface ListTroublesResponse {
  /**
   * The troubles, in the order of the table.
   */
  'troubles'?: (_nodectl_v1_KernelTrouble)[];
}

/**
 * Known troubles.
 */
export interface ListTroublesResponse__Output {
  /**
   * The troubles, in the order of the table.
   */
  'troubles': (_nodectl_v1_KernelTrouble__Output)[];
}
