// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto

import type { RemedyRisk as _nodectl_v1_RemedyRisk, RemedyRisk__Output as _nodectl_v1_RemedyRisk__Output } from '../../nodectl/v1/RemedyRisk.ts';

/**
 * What to do about a finding.
 */
export interface Remedy {
  /**
   * One or two sentences.
   */
  'text'?: (string);
  /**
   * What doing it risks.
   */
  'risk'?: (_nodectl_v1_RemedyRisk);
}

/**
 * What to do about a finding.
 */
export interface Remedy__Output {
  /**
   * One or two sentences.
   */
  'text': (string);
  /**
   * What doing it risks.
   */
  'risk': (_nodectl_v1_RemedyRisk__Output);
}
