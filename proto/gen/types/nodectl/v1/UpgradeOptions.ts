// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { UpgradeConfirmation as _nodectl_v1_UpgradeConfirmation, UpgradeConfirmation__Output as _nodectl_v1_UpgradeConfirmation__Output } from '../../nodectl/v1/UpgradeConfirmation.ts';

/**
 * How an upgrade is to be done.
 */
export interface UpgradeOptions {
  /**
   * Who confirms it.
   */
  'confirmation'?: (_nodectl_v1_UpgradeConfirmation);
  /**
   * Seconds from the boot of the new slot within which it must be confirmed, 30 to 86,400. 0 takes the image's, else 600.
   */
  'deadlineSeconds'?: (number);
  /**
   * How often the new slot is tried before the boot loader falls back, 1 to 3. 0 takes 3.
   */
  'tries'?: (number);
  /**
   * Takes an image whose serial number is lower than that of one that was confirmed here. Needs the role admin.
   */
  'allowDowngrade'?: (boolean);
  /**
   * Known troubles, by their ids, that are taken into account as they are.
   */
  'acceptTroubles'?: (string)[];
  /**
   * Stops when it is armed: RebootUpgrade or the next reboot of the node goes on.
   */
  'noReboot'?: (boolean);
  /**
   * Writes the image even where the running slot already holds it.
   */
  'reinstall'?: (boolean);
  /**
   * For the history: why it is done. At most 512 characters.
   */
  'message'?: (string);
  /**
   * Addresses of the peers that have to see the node, for a confirmation by quorum; at most 32.
   */
  'peers'?: (string)[];
  /**
   * How many of the peers have to; 0 takes more than half.
   */
  'quorum'?: (number);
}

/**
 * How an upgrade is to be done.
 */
export interface UpgradeOptions__Output {
  /**
   * Who confirms it.
   */
  'confirmation': (_nodectl_v1_UpgradeConfirmation__Output);
  /**
   * Seconds from the boot of the new slot within which it must be confirmed, 30 to 86,400. 0 takes the image's, else 600.
   */
  'deadlineSeconds': (number);
  /**
   * How often the new slot is tried before the boot loader falls back, 1 to 3. 0 takes 3.
   */
  'tries': (number);
  /**
   * Takes an image whose serial number is lower than that of one that was confirmed here. Needs the role admin.
   */
  'allowDowngrade': (boolean);
  /**
   * Known troubles, by their ids, that are taken into account as they are.
   */
  'acceptTroubles': (string)[];
  /**
   * Stops when it is armed: RebootUpgrade or the next reboot of the node goes on.
   */
  'noReboot': (boolean);
  /**
   * Writes the image even where the running slot already holds it.
   */
  'reinstall': (boolean);
  /**
   * For the history: why it is done. At most 512 characters.
   */
  'message': (string);
  /**
   * Addresses of the peers that have to see the node, for a confirmation by quorum; at most 32.
   */
  'peers': (string)[];
  /**
   * How many of the peers have to; 0 takes more than half.
   */
  'quorum': (number);
}
