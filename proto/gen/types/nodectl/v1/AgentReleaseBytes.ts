// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Bytes of a blob.
 */
export interface AgentReleaseBytes {
  /**
   * The blob: "sha256:" and lower-case hexadecimal.
   */
  'digest'?: (string);
  /**
   * Where they begin in it.
   */
  'offset'?: (number | string | Long);
  /**
   * At most 256 KiB.
   */
  'data'?: (Buffer | Uint8Array | string);
}

/**
 * Bytes of a blob.
 */
export interface AgentReleaseBytes__Output {
  /**
   * The blob: "sha256:" and lower-case hexadecimal.
   */
  'digest': (string);
  /**
   * Where they begin in it.
   */
  'offset': (number);
  /**
   * At most 256 KiB.
   */
  'data': (Buffer);
}
