// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto

import type { AgentReleaseBlob as _nodectl_v1_AgentReleaseBlob, AgentReleaseBlob__Output as _nodectl_v1_AgentReleaseBlob__Output } from '../../nodectl/v1/AgentReleaseBlob.ts';

/**
 * What the node lacks of a release.
 */
export interface AgentReleaseWanted {
  /**
   * In the order in which they are to be sent.
   */
  'blobs'?: (_nodectl_v1_AgentReleaseBlob)[];
}

/**
 * What the node lacks of a release.
 */
export interface AgentReleaseWanted__Output {
  /**
   * In the order in which they are to be sent.
   */
  'blobs': (_nodectl_v1_AgentReleaseBlob__Output)[];
}
