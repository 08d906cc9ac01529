// @ts-nocheck
// Original file: nodectl/v1/issuer.proto

import type { RegisteredNode as _nodectl_v1_RegisteredNode, RegisteredNode__Output as _nodectl_v1_RegisteredNode__Output } from '../../nodectl/v1/RegisteredNode.ts';

/**
 * Nodes of the register.
 */
export interface ListNodesResponse {
  /**
   * Sorted by name.
   */
  'nodes'?: (_nodectl_v1_RegisteredNode)[];
  /**
   * For the next page, or empty when this was the last.
   */
  'nextPageToken'?: (string);
}

/**
 * Nodes of the register.
 */
export interface ListNodesResponse__Output {
  /**
   * Sorted by name.
   */
  'nodes': (_nodectl_v1_RegisteredNode__Output)[];
  /**
   * For the next page, or empty when this was the last.
   */
  'nextPageToken': (string);
}
