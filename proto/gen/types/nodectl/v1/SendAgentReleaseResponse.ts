// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto

import type { AgentReleaseWanted as _nodectl_v1_AgentReleaseWanted, AgentReleaseWanted__Output as _nodectl_v1_AgentReleaseWanted__Output } from '../../nodectl/v1/AgentReleaseWanted.ts';
import type { AgentReleaseReceived as _nodectl_v1_AgentReleaseReceived, AgentReleaseReceived__Output as _nodectl_v1_AgentReleaseReceived__Output } from '../../nodectl/v1/AgentReleaseReceived.ts';

/**
 * The node's answers while a release is sent.
 */
export interface SendAgentReleaseResponse {
  /**
   * What the node lacks: the first answer.
   */
  'wanted'?: (_nodectl_v1_AgentReleaseWanted | null);
  /**
   * The node has all of the release, and it is on the disk.
   */
  'received'?: (_nodectl_v1_AgentReleaseReceived | null);
  /**
   * One of these.
   */
  'part'?: "wanted"|"received";
}

/**
 * The node's answers while a release is sent.
 */
export interface SendAgentReleaseResponse__Output {
  /**
   * What the node lacks: the first answer.
   */
  'wanted'?: (_nodectl_v1_AgentReleaseWanted__Output | null);
  /**
   * The node has all of the release, and it is on the disk.
   */
  'received'?: (_nodectl_v1_AgentReleaseReceived__Output | null);
  /**
   * One of these.
   */
  'part'?: "wanted"|"received";
}
