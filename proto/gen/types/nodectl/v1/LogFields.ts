// @ts-nocheck
// Original file: nodectl/v1/logs.proto


/**
 * Further fields of one record.
 */
export interface LogFields {
  /**
   * By name. Values are raw bytes.
   */
  'values'?: ({[key: string]: Buffer | Uint8Array | string});
}

/**
 * Further fields of one record.
 */
export interface LogFields__Output {
  /**
   * By name. Values are raw bytes.
   */
  'values': ({[key: string]: Buffer});
}
