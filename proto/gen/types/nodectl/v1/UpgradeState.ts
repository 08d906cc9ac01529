// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

/**
 * Where an upgrade stands.
 */
export const UpgradeState = {
  /**
   * Not a state.
   */
  UPGRADE_STATE_UNSPECIFIED: 'UPGRADE_STATE_UNSPECIFIED',
  /**
   * The other slot is unbootable and waits for the image.
   */
  UPGRADE_STATE_PLANNED: 'UPGRADE_STATE_PLANNED',
  /**
   * The image is being received and written.
   */
  UPGRADE_STATE_TRANSFERRING: 'UPGRADE_STATE_TRANSFERRING',
  /**
   * What was written is read back and held against the signed digests.
   */
  UPGRADE_STATE_VERIFYING: 'UPGRADE_STATE_VERIFYING',
  /**
   * Kernel and initial RAM disk are put where the boot loader finds them.
   */
  UPGRADE_STATE_INSTALLING: 'UPGRADE_STATE_INSTALLING',
  /**
   * The next boot takes the new slot.
   */
  UPGRADE_STATE_ARMED: 'UPGRADE_STATE_ARMED',
  /**
   * The node goes down.
   */
  UPGRADE_STATE_REBOOTING: 'UPGRADE_STATE_REBOOTING',
  /**
   * The new slot runs and is being tested; unless it is confirmed, the node falls back.
   */
  UPGRADE_STATE_TESTING: 'UPGRADE_STATE_TESTING',
  /**
   * The end: the new slot runs and stays.
   */
  UPGRADE_STATE_CONFIRMED: 'UPGRADE_STATE_CONFIRMED',
  /**
   * The end: the new slot was tried and the one before runs again.
   */
  UPGRADE_STATE_FELL_BACK: 'UPGRADE_STATE_FELL_BACK',
  /**
   * The end: it failed before the reboot; the running slot was not touched.
   */
  UPGRADE_STATE_FAILED: 'UPGRADE_STATE_FAILED',
  /**
   * The end: somebody ended it before the reboot; the running slot was not touched.
   */
  UPGRADE_STATE_ABORTED: 'UPGRADE_STATE_ABORTED',
} as const;

/**
 * Where an upgrade stands.
 */
export type UpgradeState =
  /**
   * Not a state.
   */
  | 'UPGRADE_STATE_UNSPECIFIED'
  | 0
  /**
   * The other slot is unbootable and waits for the image.
   */
  | 'UPGRADE_STATE_PLANNED'
  | 1
  /**
   * The image is being received and written.
   */
  | 'UPGRADE_STATE_TRANSFERRING'
  | 2
  /**
   * What was written is read back and held against the signed digests.
   */
  | 'UPGRADE_STATE_VERIFYING'
  | 3
  /**
   * Kernel and initial RAM disk are put where the boot loader finds them.
   */
  | 'UPGRADE_STATE_INSTALLING'
  | 4
  /**
   * The next boot takes the new slot.
   */
  | 'UPGRADE_STATE_ARMED'
  | 5
  /**
   * The node goes down.
   */
  | 'UPGRADE_STATE_REBOOTING'
  | 6
  /**
   * The new slot runs and is being tested; unless it is confirmed, the node falls back.
   */
  | 'UPGRADE_STATE_TESTING'
  | 7
  /**
   * The end: the new slot runs and stays.
   */
  | 'UPGRADE_STATE_CONFIRMED'
  | 8
  /**
   * The end: the new slot was tried and the one before runs again.
   */
  | 'UPGRADE_STATE_FELL_BACK'
  | 9
  /**
   * The end: it failed before the reboot; the running slot was not touched.
   */
  | 'UPGRADE_STATE_FAILED'
  | 10
  /**
   * The end: somebody ended it before the reboot; the running slot was not touched.
   */
  | 'UPGRADE_STATE_ABORTED'
  | 11

/**
 * Where an upgrade stands.
 */
export type UpgradeState__Output = typeof UpgradeState[keyof typeof UpgradeState]
