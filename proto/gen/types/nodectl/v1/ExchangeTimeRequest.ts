// @ts-nocheck
// Original file: nodectl/v1/clock.proto


/**
 * Asks for the time.
 */
export interface ExchangeTimeRequest {
}

/**
 * Asks for the time.
 */
export interface ExchangeTimeRequest__Output {
}
