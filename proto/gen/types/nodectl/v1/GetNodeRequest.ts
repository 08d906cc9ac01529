// @ts-nocheck
// Original file: nodectl/v1/system.proto


/**
 * Asks for the node's identity and state.
 */
export interface GetNodeRequest {
}

/**
 * Asks for the node's identity and state.
 */
export interface GetNodeRequest__Output {
}
