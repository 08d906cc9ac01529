// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto


/**
 * The agent restarts.
 */
export interface UseAgentReleaseResponse {
  /**
   * Seconds within which it must be confirmed.
   */
  'trialSeconds'?: (number);
}

/**
 * The agent restarts.
 */
export interface UseAgentReleaseResponse__Output {
  /**
   * Seconds within which it must be confirmed.
   */
  'trialSeconds': (number);
}
