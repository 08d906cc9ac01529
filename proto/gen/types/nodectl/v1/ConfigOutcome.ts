// @ts-nocheck
// Original file: nodectl/v1/config.proto

/**
 * How a revision ended, or how far it is.
 */
export const ConfigOutcome = {
  /**
   * Not an outcome.
   */
  CONFIG_OUTCOME_UNSPECIFIED: 'CONFIG_OUTCOME_UNSPECIFIED',
  /**
   * It is being applied.
   */
  CONFIG_OUTCOME_APPLYING: 'CONFIG_OUTCOME_APPLYING',
  /**
   * It is applied and waits to be confirmed.
   */
  CONFIG_OUTCOME_TRIAL: 'CONFIG_OUTCOME_TRIAL',
  /**
   * It was applied.
   */
  CONFIG_OUTCOME_APPLIED: 'CONFIG_OUTCOME_APPLIED',
  /**
   * Its trial was not confirmed; everything was put back.
   */
  CONFIG_OUTCOME_REVERTED: 'CONFIG_OUTCOME_REVERTED',
  /**
   * It failed; everything was put back.
   */
  CONFIG_OUTCOME_FAILED: 'CONFIG_OUTCOME_FAILED',
  /**
   * The agent or the node stopped in the middle of it; everything was put back.
   */
  CONFIG_OUTCOME_INTERRUPTED: 'CONFIG_OUTCOME_INTERRUPTED',
  /**
   * It waits for the next boot.
   */
  CONFIG_OUTCOME_STAGED: 'CONFIG_OUTCOME_STAGED',
} as const;

/**
 * How a revision ended, or how far it is.
 */
export type ConfigOutcome =
  /**
   * Not an outcome.
   */
  | 'CONFIG_OUTCOME_UNSPECIFIED'
  | 0
  /**
   * It is being applied.
   */
  | 'CONFIG_OUTCOME_APPLYING'
  | 1
  /**
   * It is applied and waits to be confirmed.
   */
  | 'CONFIG_OUTCOME_TRIAL'
  | 2
  /**
   * It was applied.
   */
  | 'CONFIG_OUTCOME_APPLIED'
  | 3
  /**
   * Its trial was not confirmed; everything was put back.
   */
  | 'CONFIG_OUTCOME_REVERTED'
  | 4
  /**
   * It failed; everything was put back.
   */
  | 'CONFIG_OUTCOME_FAILED'
  | 5
  /**
   * The agent or the node stopped in the middle of it; everything was put back.
   */
  | 'CONFIG_OUTCOME_INTERRUPTED'
  | 6
  /**
   * It waits for the next boot.
   */
  | 'CONFIG_OUTCOME_STAGED'
  | 7

/**
 * How a revision ended, or how far it is.
 */
export type ConfigOutcome__Output = typeof ConfigOutcome[keyof typeof ConfigOutcome]
