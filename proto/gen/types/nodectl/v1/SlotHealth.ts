// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

/**
 * What a slot is worth to the boot loader.
 */
export const SlotHealth = {
  /**
   * Not a health.
   */
  SLOT_HEALTH_UNSPECIFIED: 'SLOT_HEALTH_UNSPECIFIED',
  /**
   * Nothing was ever written to it.
   */
  SLOT_HEALTH_EMPTY: 'SLOT_HEALTH_EMPTY',
  /**
   * It is being written, or writing it was given up: it is never booted.
   */
  SLOT_HEALTH_INVALID: 'SLOT_HEALTH_INVALID',
  /**
   * It is complete and will be tried.
   */
  SLOT_HEALTH_ARMED: 'SLOT_HEALTH_ARMED',
  /**
   * It has booted and was confirmed.
   */
  SLOT_HEALTH_GOOD: 'SLOT_HEALTH_GOOD',
  /**
   * It was tried and did not come up, or did not hold.
   */
  SLOT_HEALTH_BAD: 'SLOT_HEALTH_BAD',
} as const;

/**
 * What a slot is worth to the boot loader.
 */
export type SlotHealth =
  /**
   * Not a health.
   */
  | 'SLOT_HEALTH_UNSPECIFIED'
  | 0
  /**
   * Nothing was ever written to it.
   */
  | 'SLOT_HEALTH_EMPTY'
  | 1
  /**
   * It is being written, or writing it was given up: it is never booted.
   */
  | 'SLOT_HEALTH_INVALID'
  | 2
  /**
   * It is complete and will be tried.
   */
  | 'SLOT_HEALTH_ARMED'
  | 3
  /**
   * It has booted and was confirmed.
   */
  | 'SLOT_HEALTH_GOOD'
  | 4
  /**
   * It was tried and did not come up, or did not hold.
   */
  | 'SLOT_HEALTH_BAD'
  | 5

/**
 * What a slot is worth to the boot loader.
 */
export type SlotHealth__Output = typeof SlotHealth[keyof typeof SlotHealth]
