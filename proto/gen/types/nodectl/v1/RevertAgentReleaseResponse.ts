// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto


/**
 * The agent restarts.
 */
export interface RevertAgentReleaseResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * What it goes back to: a release, or "baked".
   */
  'release'?: (string);
}

/**
 * The agent restarts.
 */
export interface RevertAgentReleaseResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * What it goes back to: a release, or "baked".
   */
  'release': (string);
}
