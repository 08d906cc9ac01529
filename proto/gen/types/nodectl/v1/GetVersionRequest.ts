// @ts-nocheck
// Original file: nodectl/v1/system.proto


/**
 * Asks for the versions.
 */
export interface GetVersionRequest {
}

/**
 * Asks for the versions.
 */
export interface GetVersionRequest__Output {
}
