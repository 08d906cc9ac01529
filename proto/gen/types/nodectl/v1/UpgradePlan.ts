// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { UpgradeRefusal as _nodectl_v1_UpgradeRefusal, UpgradeRefusal__Output as _nodectl_v1_UpgradeRefusal__Output } from '../../nodectl/v1/UpgradeRefusal.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What an upgrade would do.
 */
export interface UpgradePlan {
  /**
   * The image's name, version and serial number.
   */
  'imageName'?: (string);
  /**
   * The version.
   */
  'imageVersion'?: (string);
  /**
   * The serial number.
   */
  'imageSerial'?: (number | string | Long);
  /**
   * Ids of the keys whose signatures count.
   */
  'signedBy'?: (string)[];
  /**
   * The slot that would be written: "a" or "b".
   */
  'targetSlot'?: (string);
  /**
   * How much the slot holds, in bytes.
   */
  'targetBytes'?: (number | string | Long);
  /**
   * The slot that runs, its version and serial number of the image, and SHA-256 of its root image where it is known.
   */
  'activeSlot'?: (string);
  /**
   * The version that runs, or empty where it is not known.
   */
  'activeVersion'?: (string);
  /**
   * The serial number of the image that runs.
   */
  'activeSerial'?: (number | string | Long);
  /**
   * SHA-256 of the root image that the running slot was made from, in lower-case hexadecimal: the base of a delta. Empty where it is
   * not known or no longer holds.
   */
  'activeRootSha256'?: (string);
  /**
   * How large that root image is, in bytes.
   */
  'activeRootSize'?: (number | string | Long);
  /**
   * Bytes that the boot partition needs and has free.
   */
  'bootBytesNeeded'?: (number | string | Long);
  /**
   * Bytes that are free there.
   */
  'bootBytesFree'?: (number | string | Long);
  /**
   * Everything that stands against it; empty where it can be started.
   */
  'refusals'?: (_nodectl_v1_UpgradeRefusal)[];
  /**
   * What should be known but refuses nothing, a sentence each.
   */
  'warnings'?: (string)[];
  /**
   * Whether the running slot already holds this very image.
   */
  'alreadyRunning'?: (boolean);
}

/**
 * What an upgrade would do.
 */
export interface UpgradePlan__Output {
  /**
   * The image's name, version and serial number.
   */
  'imageName': (string);
  /**
   * The version.
   */
  'imageVersion': (string);
  /**
   * The serial number.
   */
  'imageSerial': (number);
  /**
   * Ids of the keys whose signatures count.
   */
  'signedBy': (string)[];
  /**
   * The slot that would be written: "a" or "b".
   */
  'targetSlot': (string);
  /**
   * How much the slot holds, in bytes.
   */
  'targetBytes': (number);
  /**
   * The slot that runs, its version and serial number of the image, and SHA-256 of its root image where it is known.
   */
  'activeSlot': (string);
  /**
   * The version that runs, or empty where it is not known.
   */
  'activeVersion': (string);
  /**
   * The serial number of the image that runs.
   */
  'activeSerial': (number);
  /**
   * SHA-256 of the root image that the running slot was made from, in lower-case hexadecimal: the base of a delta. Empty where it is
   * not known or no longer holds.
   */
  'activeRootSha256': (string);
  /**
   * How large that root image is, in bytes.
   */
  'activeRootSize': (number);
  /**
   * Bytes that the boot partition needs and has free.
   */
  'bootBytesNeeded': (number);
  /**
   * Bytes that are free there.
   */
  'bootBytesFree': (number);
  /**
   * Everything that stands against it; empty where it can be started.
   */
  'refusals': (_nodectl_v1_UpgradeRefusal__Output)[];
  /**
   * What should be known but refuses nothing, a sentence each.
   */
  'warnings': (string)[];
  /**
   * Whether the running slot already holds this very image.
   */
  'alreadyRunning': (boolean);
}
