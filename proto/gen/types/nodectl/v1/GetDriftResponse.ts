// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type { DriftedResource as _nodectl_v1_DriftedResource, DriftedResource__Output as _nodectl_v1_DriftedResource__Output } from '../../nodectl/v1/DriftedResource.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * The drift.
 */
export interface GetDriftResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * The revision that the node runs, or 0 for none: then there can be no drift.
   */
  'runningRevision'?: (number | string | Long);
  /**
   * What is not as the document says.
   */
  'drifted'?: (_nodectl_v1_DriftedResource)[];
  /**
   * When everything was last compared, in microseconds since the epoch on the node's clock, or 0.
   */
  'checkedUsec'?: (number | string | Long);
  /**
   * What the document says is done about drift: "report" or "correct".
   */
  'policy'?: (string);
  /**
   * Resources that were corrected since the agent started.
   */
  'corrections'?: (number | string | Long);
}

/**
 * The drift.
 */
export interface GetDriftResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * The revision that the node runs, or 0 for none: then there can be no drift.
   */
  'runningRevision': (number);
  /**
   * What is not as the document says.
   */
  'drifted': (_nodectl_v1_DriftedResource__Output)[];
  /**
   * When everything was last compared, in microseconds since the epoch on the node's clock, or 0.
   */
  'checkedUsec': (number);
  /**
   * What the document says is done about drift: "report" or "correct".
   */
  'policy': (string);
  /**
   * Resources that were corrected since the agent started.
   */
  'corrections': (number);
}
