// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

/**
 * Who confirms an upgrade.
 */
export const UpgradeConfirmation = {
  /**
   * As the node's config says; automatic where it says nothing.
   */
  UPGRADE_CONFIRMATION_UNSPECIFIED: 'UPGRADE_CONFIRMATION_UNSPECIFIED',
  /**
   * The node itself, once its health holds.
   */
  UPGRADE_CONFIRMATION_AUTOMATIC: 'UPGRADE_CONFIRMATION_AUTOMATIC',
  /**
   * An operator, by ConfirmUpgrade, once the node's health holds.
   */
  UPGRADE_CONFIRMATION_MANUAL: 'UPGRADE_CONFIRMATION_MANUAL',
  /**
   * The node itself, once its health holds and enough of its peers see it.
   */
  UPGRADE_CONFIRMATION_QUORUM: 'UPGRADE_CONFIRMATION_QUORUM',
} as const;

/**
 * Who confirms an upgrade.
 */
export type UpgradeConfirmation =
  /**
   * As the node's config says; automatic where it says nothing.
   */
  | 'UPGRADE_CONFIRMATION_UNSPECIFIED'
  | 0
  /**
   * The node itself, once its health holds.
   */
  | 'UPGRADE_CONFIRMATION_AUTOMATIC'
  | 1
  /**
   * An operator, by ConfirmUpgrade, once the node's health holds.
   */
  | 'UPGRADE_CONFIRMATION_MANUAL'
  | 2
  /**
   * The node itself, once its health holds and enough of its peers see it.
   */
  | 'UPGRADE_CONFIRMATION_QUORUM'
  | 3

/**
 * Who confirms an upgrade.
 */
export type UpgradeConfirmation__Output = typeof UpgradeConfirmation[keyof typeof UpgradeConfirmation]
