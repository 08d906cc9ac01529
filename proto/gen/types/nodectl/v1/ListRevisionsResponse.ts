// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type { ConfigRevision as _nodectl_v1_ConfigRevision, ConfigRevision__Output as _nodectl_v1_ConfigRevision__Output } from '../../nodectl/v1/ConfigRevision.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * The revisions.
 */
export interface ListRevisionsResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * Newest first.
   */
  'revisions'?: (_nodectl_v1_ConfigRevision)[];
  /**
   * The trial that runs, or empty.
   */
  'trial'?: (string);
  /**
   * When it reverts, in microseconds since the epoch on the node's clock, or 0.
   */
  'deadlineUsec'?: (number | string | Long);
}

/**
 * The revisions.
 */
export interface ListRevisionsResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * Newest first.
   */
  'revisions': (_nodectl_v1_ConfigRevision__Output)[];
  /**
   * The trial that runs, or empty.
   */
  'trial': (string);
  /**
   * When it reverts, in microseconds since the epoch on the node's clock, or 0.
   */
  'deadlineUsec': (number);
}
