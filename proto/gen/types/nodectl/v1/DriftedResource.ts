// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type { ConfigChange as _nodectl_v1_ConfigChange, ConfigChange__Output as _nodectl_v1_ConfigChange__Output } from '../../nodectl/v1/ConfigChange.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A resource that is no longer what the document says.
 */
export interface DriftedResource {
  /**
   * The change that would make it right again.
   */
  'change'?: (_nodectl_v1_ConfigChange | null);
  /**
   * Since when it is known, in microseconds since the epoch on the node's clock.
   */
  'sinceUsec'?: (number | string | Long);
}

/**
 * A resource that is no longer what the document says.
 */
export interface DriftedResource__Output {
  /**
   * The change that would make it right again.
   */
  'change': (_nodectl_v1_ConfigChange__Output | null);
  /**
   * Since when it is known, in microseconds since the epoch on the node's clock.
   */
  'sinceUsec': (number);
}
