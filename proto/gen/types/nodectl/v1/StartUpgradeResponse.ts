// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { Upgrade as _nodectl_v1_Upgrade, Upgrade__Output as _nodectl_v1_Upgrade__Output } from '../../nodectl/v1/Upgrade.ts';
import type { UpgradePlan as _nodectl_v1_UpgradePlan, UpgradePlan__Output as _nodectl_v1_UpgradePlan__Output } from '../../nodectl/v1/UpgradePlan.ts';

/**
 * An upgrade has begun.
 */
export interface StartUpgradeResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * How it stands; its id names it from now on. Not set where the node runs the image already.
   */
  'upgrade'?: (_nodectl_v1_Upgrade | null);
  /**
   * The plan that it follows.
   */
  'plan'?: (_nodectl_v1_UpgradePlan | null);
}

/**
 * An upgrade has begun.
 */
export interface StartUpgradeResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * How it stands; its id names it from now on. Not set where the node runs the image already.
   */
  'upgrade': (_nodectl_v1_Upgrade__Output | null);
  /**
   * The plan that it follows.
   */
  'plan': (_nodectl_v1_UpgradePlan__Output | null);
}
