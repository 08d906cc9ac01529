// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto

import type { ImageSignature as _nodectl_v1_ImageSignature, ImageSignature__Output as _nodectl_v1_ImageSignature__Output } from '../../nodectl/v1/ImageSignature.ts';

/**
 * A release that is offered to a node.
 */
export interface OfferedAgentRelease {
  /**
   * Its manifest: canonical JSON, at most 256 KiB.
   */
  'manifest'?: (Buffer | Uint8Array | string);
  /**
   * Its signatures, as DSSE has them; see ImageSignature, under the payload type of agents' manifests.
   */
  'signatures'?: (_nodectl_v1_ImageSignature)[];
  /**
   * Takes one whose serial number is lower than that of one that was confirmed here.
   */
  'allowDowngrade'?: (boolean);
}

/**
 * A release that is offered to a node.
 */
export interface OfferedAgentRelease__Output {
  /**
   * Its manifest: canonical JSON, at most 256 KiB.
   */
  'manifest': (Buffer);
  /**
   * Its signatures, as DSSE has them; see ImageSignature, under the payload type of agents' manifests.
   */
  'signatures': (_nodectl_v1_ImageSignature__Output)[];
  /**
   * Takes one whose serial number is lower than that of one that was confirmed here.
   */
  'allowDowngrade': (boolean);
}
