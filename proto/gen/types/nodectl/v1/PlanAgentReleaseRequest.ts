// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto

import type { OfferedAgentRelease as _nodectl_v1_OfferedAgentRelease, OfferedAgentRelease__Output as _nodectl_v1_OfferedAgentRelease__Output } from '../../nodectl/v1/OfferedAgentRelease.ts';

/**
 * Asks what would become of a release.
 */
export interface PlanAgentReleaseRequest {
  /**
   * The release.
   */
  'release'?: (_nodectl_v1_OfferedAgentRelease | null);
}

/**
 * Asks what would become of a release.
 */
export interface PlanAgentReleaseRequest__Output {
  /**
   * The release.
   */
  'release': (_nodectl_v1_OfferedAgentRelease__Output | null);
}
