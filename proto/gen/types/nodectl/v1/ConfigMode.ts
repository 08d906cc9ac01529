// @ts-nocheck
// Original file: nodectl/v1/config.proto

/**
 * How a document is applied.
 */
export const ConfigMode = {
  /**
   * As the plan suggests: tried where it could cut the connection, else live.
   */
  CONFIG_MODE_UNSPECIFIED: 'CONFIG_MODE_UNSPECIFIED',
  /**
   * Now and for good.
   */
  CONFIG_MODE_LIVE: 'CONFIG_MODE_LIVE',
  /**
   * Kept, and applied with the next boot.
   */
  CONFIG_MODE_STAGED: 'CONFIG_MODE_STAGED',
  /**
   * Now, and put back at the deadline unless it is confirmed.
   */
  CONFIG_MODE_TRY: 'CONFIG_MODE_TRY',
} as const;

/**
 * How a document is applied.
 */
export type ConfigMode =
  /**
   * As the plan suggests: tried where it could cut the connection, else live.
   */
  | 'CONFIG_MODE_UNSPECIFIED'
  | 0
  /**
   * Now and for good.
   */
  | 'CONFIG_MODE_LIVE'
  | 1
  /**
   * Kept, and applied with the next boot.
   */
  | 'CONFIG_MODE_STAGED'
  | 2
  /**
   * Now, and put back at the deadline unless it is confirmed.
   */
  | 'CONFIG_MODE_TRY'
  | 3

/**
 * How a document is applied.
 */
export type ConfigMode__Output = typeof ConfigMode[keyof typeof ConfigMode]
