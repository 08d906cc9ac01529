// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto

/**
 * How urgent a finding is.
 */
export const Severity = {
  /**
   * Not a severity.
   */
  SEVERITY_UNSPECIFIED: 'SEVERITY_UNSPECIFIED',
  /**
   * Worth knowing.
   */
  SEVERITY_INFO: 'SEVERITY_INFO',
  /**
   * To be acted on in working hours.
   */
  SEVERITY_WARNING: 'SEVERITY_WARNING',
  /**
   * To be acted on now.
   */
  SEVERITY_CRITICAL: 'SEVERITY_CRITICAL',
} as const;

/**
 * How urgent a finding is.
 */
export type Severity =
  /**
   * Not a severity.
   */
  | 'SEVERITY_UNSPECIFIED'
  | 0
  /**
   * Worth knowing.
   */
  | 'SEVERITY_INFO'
  | 1
  /**
   * To be acted on in working hours.
   */
  | 'SEVERITY_WARNING'
  | 2
  /**
   * To be acted on now.
   */
  | 'SEVERITY_CRITICAL'
  | 3

/**
 * How urgent a finding is.
 */
export type Severity__Output = typeof Severity[keyof typeof Severity]
