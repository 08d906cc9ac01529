// @ts-nocheck
// Original file: nodectl/v1/access.proto

import type { Denied as _nodectl_v1_Denied, Denied__Output as _nodectl_v1_Denied__Output } from '../../nodectl/v1/Denied.ts';

/**
 * The denylist.
 */
export interface ListDeniedResponse {
  /**
   * Sorted by subject.
   */
  'denied'?: (_nodectl_v1_Denied)[];
}

/**
 * The denylist.
 */
export interface ListDeniedResponse__Output {
  /**
   * Sorted by subject.
   */
  'denied': (_nodectl_v1_Denied__Output)[];
}
