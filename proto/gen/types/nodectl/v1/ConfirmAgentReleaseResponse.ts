// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto


/**
 * It is confirmed.
 */
export interface ConfirmAgentReleaseResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * The agent's version.
   */
  'version'?: (string);
}

/**
 * It is confirmed.
 */
export interface ConfirmAgentReleaseResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * The agent's version.
   */
  'version': (string);
}
