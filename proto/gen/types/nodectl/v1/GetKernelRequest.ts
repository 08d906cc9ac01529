// @ts-nocheck
// Original file: nodectl/v1/kernel.proto


/**
 * Asks for the kernel.
 */
export interface GetKernelRequest {
}

/**
 * Asks for the kernel.
 */
export interface GetKernelRequest__Output {
}
