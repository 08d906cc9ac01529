// @ts-nocheck
// Original file: nodectl/v1/access.proto

import type { Denied as _nodectl_v1_Denied, Denied__Output as _nodectl_v1_Denied__Output } from '../../nodectl/v1/Denied.ts';

/**
 * What was denied.
 */
export interface DenyResponse {
  /**
   * The node's name.
   */
  'node'?: (string);
  /**
   * The entry.
   */
  'denied'?: (_nodectl_v1_Denied | null);
  /**
   * Open calls of the subject that were ended.
   */
  'endedCalls'?: (number);
}

/**
 * What was denied.
 */
export interface DenyResponse__Output {
  /**
   * The node's name.
   */
  'node': (string);
  /**
   * The entry.
   */
  'denied': (_nodectl_v1_Denied__Output | null);
  /**
   * Open calls of the subject that were ended.
   */
  'endedCalls': (number);
}
