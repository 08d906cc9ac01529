// @ts-nocheck
// Original file: nodectl/v1/clock.proto


/**
 * Asks for the clock.
 */
export interface GetClockRequest {
}

/**
 * Asks for the clock.
 */
export interface GetClockRequest__Output {
}
