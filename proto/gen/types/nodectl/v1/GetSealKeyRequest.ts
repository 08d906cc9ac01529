// @ts-nocheck
// Original file: nodectl/v1/config.proto


/**
 * Asks for the key.
 */
export interface GetSealKeyRequest {
}

/**
 * Asks for the key.
 */
export interface GetSealKeyRequest__Output {
}
