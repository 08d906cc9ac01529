// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { OfferedImage as _nodectl_v1_OfferedImage, OfferedImage__Output as _nodectl_v1_OfferedImage__Output } from '../../nodectl/v1/OfferedImage.ts';
import type { UpgradeOptions as _nodectl_v1_UpgradeOptions, UpgradeOptions__Output as _nodectl_v1_UpgradeOptions__Output } from '../../nodectl/v1/UpgradeOptions.ts';

/**
 * Asks for a plan.
 */
export interface PlanUpgradeRequest {
  /**
   * The image.
   */
  'image'?: (_nodectl_v1_OfferedImage | null);
  /**
   * How it would be done.
   */
  'options'?: (_nodectl_v1_UpgradeOptions | null);
}

/**
 * Asks for a plan.
 */
export interface PlanUpgradeRequest__Output {
  /**
   * The image.
   */
  'image': (_nodectl_v1_OfferedImage__Output | null);
  /**
   * How it would be done.
   */
  'options': (_nodectl_v1_UpgradeOptions__Output | null);
}
