// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto


/**
 * Confirms a release.
 */
export interface ConfirmAgentReleaseRequest {
  /**
   * The release; must be named, so that nobody confirms another one.
   */
  'release'?: (string);
}

/**
 * Confirms a release.
 */
export interface ConfirmAgentReleaseRequest__Output {
  /**
   * The release; must be named, so that nobody confirms another one.
   */
  'release': (string);
}
