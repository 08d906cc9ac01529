// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto

import type { ImageSignature as _nodectl_v1_ImageSignature, ImageSignature__Output as _nodectl_v1_ImageSignature__Output } from '../../nodectl/v1/ImageSignature.ts';

/**
 * An image that is offered to a node.
 */
export interface OfferedImage {
  /**
   * The manifest: canonical JSON, at most 1 MiB.
   */
  'manifest'?: (Buffer | Uint8Array | string);
  /**
   * Its signatures, at most 16.
   */
  'signatures'?: (_nodectl_v1_ImageSignature)[];
}

/**
 * An image that is offered to a node.
 */
export interface OfferedImage__Output {
  /**
   * The manifest: canonical JSON, at most 1 MiB.
   */
  'manifest': (Buffer);
  /**
   * Its signatures, at most 16.
   */
  'signatures': (_nodectl_v1_ImageSignature__Output)[];
}
