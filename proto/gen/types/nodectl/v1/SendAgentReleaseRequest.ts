// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto

import type { OfferedAgentRelease as _nodectl_v1_OfferedAgentRelease, OfferedAgentRelease__Output as _nodectl_v1_OfferedAgentRelease__Output } from '../../nodectl/v1/OfferedAgentRelease.ts';
import type { AgentReleaseBytes as _nodectl_v1_AgentReleaseBytes, AgentReleaseBytes__Output as _nodectl_v1_AgentReleaseBytes__Output } from '../../nodectl/v1/AgentReleaseBytes.ts';

/**
 * A part of a release on its way to the node.
 */
export interface SendAgentReleaseRequest {
  /**
   * The first of every stream.
   */
  'offer'?: (_nodectl_v1_OfferedAgentRelease | null);
  /**
   * Bytes of a blob.
   */
  'bytes'?: (_nodectl_v1_AgentReleaseBytes | null);
  /**
   * One of these.
   */
  'part'?: "offer"|"bytes";
}

/**
 * A part of a release on its way to the node.
 */
export interface SendAgentReleaseRequest__Output {
  /**
   * The first of every stream.
   */
  'offer'?: (_nodectl_v1_OfferedAgentRelease__Output | null);
  /**
   * Bytes of a blob.
   */
  'bytes'?: (_nodectl_v1_AgentReleaseBytes__Output | null);
  /**
   * One of these.
   */
  'part'?: "offer"|"bytes";
}
