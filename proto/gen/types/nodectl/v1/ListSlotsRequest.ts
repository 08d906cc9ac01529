// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto


/**
 * Asks for the slots.
 */
export interface ListSlotsRequest {
}

/**
 * Asks for the slots.
 */
export interface ListSlotsRequest__Output {
}
