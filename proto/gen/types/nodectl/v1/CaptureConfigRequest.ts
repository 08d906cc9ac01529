// @ts-nocheck
// Original file: nodectl/v1/config.proto


/**
 * Asks for a document of the node as it is.
 */
export interface CaptureConfigRequest {
}

/**
 * Asks for a document of the node as it is.
 */
export interface CaptureConfigRequest__Output {
}
