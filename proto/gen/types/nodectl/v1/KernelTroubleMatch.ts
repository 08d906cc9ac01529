// @ts-nocheck
// Original file: nodectl/v1/kernel.proto

import type { KernelTrouble as _nodectl_v1_KernelTrouble, KernelTrouble__Output as _nodectl_v1_KernelTrouble__Output } from '../../nodectl/v1/KernelTrouble.ts';
import type { Certainty as _nodectl_v1_Certainty, Certainty__Output as _nodectl_v1_Certainty__Output } from '../../nodectl/v1/Certainty.ts';

/**
 * A known trouble whose conditions a node meets.
 */
export interface KernelTroubleMatch {
  /**
   * The trouble.
   */
  'trouble'?: (_nodectl_v1_KernelTrouble | null);
  /**
   * How sure that is.
   */
  'certainty'?: (_nodectl_v1_Certainty);
  /**
   * Why it matches, a phrase for each condition.
   */
  'because'?: (string)[];
  /**
   * The devices that it is with, or empty where it is with the machine.
   */
  'devices'?: (string)[];
}

/**
 * A known trouble whose conditions a node meets.
 */
export interface KernelTroubleMatch__Output {
  /**
   * The trouble.
   */
  'trouble': (_nodectl_v1_KernelTrouble__Output | null);
  /**
   * How sure that is.
   */
  'certainty': (_nodectl_v1_Certainty__Output);
  /**
   * Why it matches, a phrase for each condition.
   */
  'because': (string)[];
  /**
   * The devices that it is with, or empty where it is with the machine.
   */
  'devices': (string)[];
}
