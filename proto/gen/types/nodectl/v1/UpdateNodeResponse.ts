// @ts-nocheck
// Original file: nodectl/v1/issuer.proto

import type { RegisteredNode as _nodectl_v1_RegisteredNode, RegisteredNode__Output as _nodectl_v1_RegisteredNode__Output } from '../../nodectl/v1/RegisteredNode.ts';

/**
 * The node after the change.
 */
export interface UpdateNodeResponse {
  /**
   * The node.
   */
  'node'?: (_nodectl_v1_RegisteredNode | null);
}

/**
 * The node after the change.
 */
export interface UpdateNodeResponse__Output {
  /**
   * The node.
   */
  'node': (_nodectl_v1_RegisteredNode__Output | null);
}
