// @ts-nocheck
// Original file: nodectl/v1/bundle.proto

import type { BundleFile as _nodectl_v1_BundleFile, BundleFile__Output as _nodectl_v1_BundleFile__Output } from '../../nodectl/v1/BundleFile.ts';

/**
 * A part of a bundle: a file begins, or goes on.
 */
export interface CollectBundleResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * A file begins. Its bytes follow in the next answers, none where it is empty. The last one is "index.json".
   */
  'file'?: (_nodectl_v1_BundleFile | null);
  /**
   * The next bytes of the file that began, at most 256 KiB.
   */
  'data'?: (Buffer | Uint8Array | string);
  /**
   * One of these.
   */
  'part'?: "file"|"data";
}

/**
 * A part of a bundle: a file begins, or goes on.
 */
export interface CollectBundleResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * A file begins. Its bytes follow in the next answers, none where it is empty. The last one is "index.json".
   */
  'file'?: (_nodectl_v1_BundleFile__Output | null);
  /**
   * The next bytes of the file that began, at most 256 KiB.
   */
  'data'?: (Buffer);
  /**
   * One of these.
   */
  'part'?: "file"|"data";
}
