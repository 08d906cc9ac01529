// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type { PlanConfigResponse as _nodectl_v1_PlanConfigResponse, PlanConfigResponse__Output as _nodectl_v1_PlanConfigResponse__Output } from '../../nodectl/v1/PlanConfigResponse.ts';
import type { ConfigRevision as _nodectl_v1_ConfigRevision, ConfigRevision__Output as _nodectl_v1_ConfigRevision__Output } from '../../nodectl/v1/ConfigRevision.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What came of an apply.
 */
export interface ApplyConfigResponse {
  /**
   * The plan that was applied.
   */
  'plan'?: (_nodectl_v1_PlanConfigResponse | null);
  /**
   * The revision; not set where nothing was to be changed and the document is the running one.
   */
  'revision'?: (_nodectl_v1_ConfigRevision | null);
  /**
   * The trial to be confirmed, or empty.
   */
  'trial'?: (string);
  /**
   * When the trial reverts, in microseconds since the epoch on the node's clock, or 0.
   */
  'deadlineUsec'?: (number | string | Long);
}

/**
 * What came of an apply.
 */
export interface ApplyConfigResponse__Output {
  /**
   * The plan that was applied.
   */
  'plan': (_nodectl_v1_PlanConfigResponse__Output | null);
  /**
   * The revision; not set where nothing was to be changed and the document is the running one.
   */
  'revision': (_nodectl_v1_ConfigRevision__Output | null);
  /**
   * The trial to be confirmed, or empty.
   */
  'trial': (string);
  /**
   * When the trial reverts, in microseconds since the epoch on the node's clock, or 0.
   */
  'deadlineUsec': (number);
}
