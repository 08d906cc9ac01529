// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto


/**
 * Goes back to the release before.
 */
export interface RevertAgentReleaseRequest {
  /**
   * Why, for the record. At most 512 characters.
   */
  'message'?: (string);
}

/**
 * Goes back to the release before.
 */
export interface RevertAgentReleaseRequest__Output {
  /**
   * Why, for the record. At most 512 characters.
   */
  'message': (string);
}
