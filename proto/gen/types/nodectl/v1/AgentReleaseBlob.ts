// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A blob that the node lacks.
 */
export interface AgentReleaseBlob {
  /**
   * "sha256:" and lower-case hexadecimal.
   */
  'digest'?: (string);
  /**
   * Its size in bytes.
   */
  'size'?: (number | string | Long);
  /**
   * From where on it is wanted.
   */
  'offset'?: (number | string | Long);
}

/**
 * A blob that the node lacks.
 */
export interface AgentReleaseBlob__Output {
  /**
   * "sha256:" and lower-case hexadecimal.
   */
  'digest': (string);
  /**
   * Its size in bytes.
   */
  'size': (number);
  /**
   * From where on it is wanted.
   */
  'offset': (number);
}
