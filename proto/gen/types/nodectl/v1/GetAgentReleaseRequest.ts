// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto


/**
 * Asks for the release that runs.
 */
export interface GetAgentReleaseRequest {
}

/**
 * Asks for the release that runs.
 */
export interface GetAgentReleaseRequest__Output {
}
