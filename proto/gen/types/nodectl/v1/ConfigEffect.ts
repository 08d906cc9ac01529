// @ts-nocheck
// Original file: nodectl/v1/config.proto

/**
 * When a change counts.
 */
export const ConfigEffect = {
  /**
   * Nothing changes.
   */
  CONFIG_EFFECT_UNSPECIFIED: 'CONFIG_EFFECT_UNSPECIFIED',
  /**
   * At once.
   */
  CONFIG_EFFECT_LIVE: 'CONFIG_EFFECT_LIVE',
  /**
   * When units restart, which the apply does.
   */
  CONFIG_EFFECT_RESTART: 'CONFIG_EFFECT_RESTART',
  /**
   * With the next boot.
   */
  CONFIG_EFFECT_REBOOT: 'CONFIG_EFFECT_REBOOT',
} as const;

/**
 * When a change counts.
 */
export type ConfigEffect =
  /**
   * Nothing changes.
   */
  | 'CONFIG_EFFECT_UNSPECIFIED'
  | 0
  /**
   * At once.
   */
  | 'CONFIG_EFFECT_LIVE'
  | 1
  /**
   * When units restart, which the apply does.
   */
  | 'CONFIG_EFFECT_RESTART'
  | 2
  /**
   * With the next boot.
   */
  | 'CONFIG_EFFECT_REBOOT'
  | 3

/**
 * When a change counts.
 */
export type ConfigEffect__Output = typeof ConfigEffect[keyof typeof ConfigEffect]
