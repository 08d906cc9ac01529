// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto


/**
 * Takes a release into use.
 */
export interface UseAgentReleaseRequest {
  /**
   * The release: SHA-256 of its manifest in lower-case hexadecimal.
   */
  'release'?: (string);
  /**
   * Takes one whose serial number is lower than that of one that was confirmed here.
   */
  'allowDowngrade'?: (boolean);
  /**
   * Why, for the agent's log. At most 512 characters.
   */
  'message'?: (string);
}

/**
 * Takes a release into use.
 */
export interface UseAgentReleaseRequest__Output {
  /**
   * The release: SHA-256 of its manifest in lower-case hexadecimal.
   */
  'release': (string);
  /**
   * Takes one whose serial number is lower than that of one that was confirmed here.
   */
  'allowDowngrade': (boolean);
  /**
   * Why, for the agent's log. At most 512 characters.
   */
  'message': (string);
}
