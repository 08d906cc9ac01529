// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto


/**
 * The node has all of a release.
 */
export interface AgentReleaseReceived {
  /**
   * The release.
   */
  'release'?: (string);
}

/**
 * The node has all of a release.
 */
export interface AgentReleaseReceived__Output {
  /**
   * The release.
   */
  'release': (string);
}
