// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto

/**
 * How sure a finding is.
 */
export const Certainty = {
  /**
   * Not a certainty.
   */
  CERTAINTY_UNSPECIFIED: 'CERTAINTY_UNSPECIFIED',
  /**
   * The machine says so itself.
   */
  CERTAINTY_CERTAIN: 'CERTAINTY_CERTAIN',
  /**
   * Concluded from what the machine says.
   */
  CERTAINTY_LIKELY: 'CERTAINTY_LIKELY',
  /**
   * One of several explanations.
   */
  CERTAINTY_POSSIBLE: 'CERTAINTY_POSSIBLE',
} as const;

/**
 * How sure a finding is.
 */
export type Certainty =
  /**
   * Not a certainty.
   */
  | 'CERTAINTY_UNSPECIFIED'
  | 0
  /**
   * The machine says so itself.
   */
  | 'CERTAINTY_CERTAIN'
  | 1
  /**
   * Concluded from what the machine says.
   */
  | 'CERTAINTY_LIKELY'
  | 2
  /**
   * One of several explanations.
   */
  | 'CERTAINTY_POSSIBLE'
  | 3

/**
 * How sure a finding is.
 */
export type Certainty__Output = typeof Certainty[keyof typeof Certainty]
