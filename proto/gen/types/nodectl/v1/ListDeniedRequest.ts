// @ts-nocheck
// Original file: nodectl/v1/access.proto


/**
 * Asks for the denylist.
 */
export interface ListDeniedRequest {
}

/**
 * Asks for the denylist.
 */
export interface ListDeniedRequest__Output {
}
