// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto

/**
 * What acting on a remedy risks.
 */
export const RemedyRisk = {
  /**
   * Not a risk.
   */
  REMEDY_RISK_UNSPECIFIED: 'REMEDY_RISK_UNSPECIFIED',
  /**
   * Nothing.
   */
  REMEDY_RISK_NONE: 'REMEDY_RISK_NONE',
  /**
   * A service restarts.
   */
  REMEDY_RISK_RESTART: 'REMEDY_RISK_RESTART',
  /**
   * The node may lose its network for a while.
   */
  REMEDY_RISK_CONNECTION: 'REMEDY_RISK_CONNECTION',
  /**
   * The node reboots.
   */
  REMEDY_RISK_REBOOT: 'REMEDY_RISK_REBOOT',
  /**
   * Data may be lost.
   */
  REMEDY_RISK_DATA: 'REMEDY_RISK_DATA',
} as const;

/**
 * What acting on a remedy risks.
 */
export type RemedyRisk =
  /**
   * Not a risk.
   */
  | 'REMEDY_RISK_UNSPECIFIED'
  | 0
  /**
   * Nothing.
   */
  | 'REMEDY_RISK_NONE'
  | 1
  /**
   * A service restarts.
   */
  | 'REMEDY_RISK_RESTART'
  | 2
  /**
   * The node may lose its network for a while.
   */
  | 'REMEDY_RISK_CONNECTION'
  | 3
  /**
   * The node reboots.
   */
  | 'REMEDY_RISK_REBOOT'
  | 4
  /**
   * Data may be lost.
   */
  | 'REMEDY_RISK_DATA'
  | 5

/**
 * What acting on a remedy risks.
 */
export type RemedyRisk__Output = typeof RemedyRisk[keyof typeof RemedyRisk]
