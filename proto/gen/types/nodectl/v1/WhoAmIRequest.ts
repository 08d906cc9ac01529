// @ts-nocheck
// Original file: nodectl/v1/access.proto


/**
 * Asks who the caller is.
 */
export interface WhoAmIRequest {
}

/**
 * Asks who the caller is.
 */
export interface WhoAmIRequest__Output {
}
