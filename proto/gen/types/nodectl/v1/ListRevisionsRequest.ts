// @ts-nocheck
// Original file: nodectl/v1/config.proto


/**
 * Asks for the revisions.
 */
export interface ListRevisionsRequest {
}

/**
 * Asks for the revisions.
 */
export interface ListRevisionsRequest__Output {
}
