// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto


/**
 * Asks for the catalogue of checks.
 */
export interface ListChecksRequest {
}

/**
 * Asks for the catalogue of checks.
 */
export interface ListChecksRequest__Output {
}
