// @ts-nocheck
// Original file: nodectl/v1/logs.proto


/**
 * Asks for the sources.
 */
export interface ListSourcesRequest {
}

/**
 * Asks for the sources.
 */
export interface ListSourcesRequest__Output {
}
