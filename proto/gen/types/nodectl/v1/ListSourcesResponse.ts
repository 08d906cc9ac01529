// @ts-nocheck
// Original file: nodectl/v1/logs.proto

import type { LogSource as _nodectl_v1_LogSource, LogSource__Output as _nodectl_v1_LogSource__Output } from '../../nodectl/v1/LogSource.ts';

/**
 * The sources that the node can read now.
 */
export interface ListSourcesResponse {
  /**
   * Sorted by name.
   */
  'sources'?: (_nodectl_v1_LogSource)[];
}

/**
 * The sources that the node can read now.
 */
export interface ListSourcesResponse__Output {
  /**
   * Sorted by name.
   */
  'sources': (_nodectl_v1_LogSource__Output)[];
}
