// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto


/**
 * Everything was sent.
 */
export interface TransferEnd {
}

/**
 * Everything was sent.
 */
export interface TransferEnd__Output {
}
