// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto


/**
 * Something that could not be read.
 */
export interface ReadProblem {
  /**
   * What was tried.
   */
  'what'?: (string);
  /**
   * "missing-tool", "denied", "timeout", "failed", "nonsense" or "not-captured".
   */
  'kind'?: (string);
  /**
   * Why it failed, in one sentence.
   */
  'why'?: (string);
}

/**
 * Something that could not be read.
 */
export interface ReadProblem__Output {
  /**
   * What was tried.
   */
  'what': (string);
  /**
   * "missing-tool", "denied", "timeout", "failed", "nonsense" or "not-captured".
   */
  'kind': (string);
  /**
   * Why it failed, in one sentence.
   */
  'why': (string);
}
