// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto

import type { CheckInfo as _nodectl_v1_CheckInfo, CheckInfo__Output as _nodectl_v1_CheckInfo__Output } from '../../nodectl/v1/CheckInfo.ts';

/**
 * The catalogue of checks.
 */
export interface ListChecksResponse {
  /**
   * All checks, area by area.
   */
  'checks'?: (_nodectl_v1_CheckInfo)[];
}

/**
 * The catalogue of checks.
 */
export interface ListChecksResponse__Output {
  /**
   * All checks, area by area.
   */
  'checks': (_nodectl_v1_CheckInfo__Output)[];
}
