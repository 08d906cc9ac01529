// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { OfferedImage as _nodectl_v1_OfferedImage, OfferedImage__Output as _nodectl_v1_OfferedImage__Output } from '../../nodectl/v1/OfferedImage.ts';
import type { UpgradeOptions as _nodectl_v1_UpgradeOptions, UpgradeOptions__Output as _nodectl_v1_UpgradeOptions__Output } from '../../nodectl/v1/UpgradeOptions.ts';

/**
 * Begins an upgrade.
 */
export interface StartUpgradeRequest {
  /**
   * The image.
   */
  'image'?: (_nodectl_v1_OfferedImage | null);
  /**
   * How it is to be done.
   */
  'options'?: (_nodectl_v1_UpgradeOptions | null);
}

/**
 * Begins an upgrade.
 */
export interface StartUpgradeRequest__Output {
  /**
   * The image.
   */
  'image': (_nodectl_v1_OfferedImage__Output | null);
  /**
   * How it is to be done.
   */
  'options': (_nodectl_v1_UpgradeOptions__Output | null);
}
