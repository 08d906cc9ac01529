// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { Upgrade as _nodectl_v1_Upgrade, Upgrade__Output as _nodectl_v1_Upgrade__Output } from '../../nodectl/v1/Upgrade.ts';

/**
 * Upgrades that have ended.
 */
export interface ListUpgradesResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * Newest first.
   */
  'upgrades'?: (_nodectl_v1_Upgrade)[];
  /**
   * For the next page, or empty.
   */
  'nextPageToken'?: (string);
}

/**
 * Upgrades that have ended.
 */
export interface ListUpgradesResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * Newest first.
   */
  'upgrades': (_nodectl_v1_Upgrade__Output)[];
  /**
   * For the next page, or empty.
   */
  'nextPageToken': (string);
}
