// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { Upgrade as _nodectl_v1_Upgrade, Upgrade__Output as _nodectl_v1_Upgrade__Output } from '../../nodectl/v1/Upgrade.ts';

/**
 * How it stands.
 */
export interface GetUpgradeResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * Not set where there never was one.
   */
  'upgrade'?: (_nodectl_v1_Upgrade | null);
}

/**
 * How it stands.
 */
export interface GetUpgradeResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * Not set where there never was one.
   */
  'upgrade': (_nodectl_v1_Upgrade__Output | null);
}
