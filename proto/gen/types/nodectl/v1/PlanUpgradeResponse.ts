// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { UpgradePlan as _nodectl_v1_UpgradePlan, UpgradePlan__Output as _nodectl_v1_UpgradePlan__Output } from '../../nodectl/v1/UpgradePlan.ts';

/**
 * A plan.
 */
export interface PlanUpgradeResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * The plan.
   */
  'plan'?: (_nodectl_v1_UpgradePlan | null);
}

/**
 * A plan.
 */
export interface PlanUpgradeResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * The plan.
   */
  'plan': (_nodectl_v1_UpgradePlan__Output | null);
}
