// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type { ConfigChange as _nodectl_v1_ConfigChange, ConfigChange__Output as _nodectl_v1_ConfigChange__Output } from '../../nodectl/v1/ConfigChange.ts';
import type { ConfigEffect as _nodectl_v1_ConfigEffect, ConfigEffect__Output as _nodectl_v1_ConfigEffect__Output } from '../../nodectl/v1/ConfigEffect.ts';
import type { ConfigMode as _nodectl_v1_ConfigMode, ConfigMode__Output as _nodectl_v1_ConfigMode__Output } from '../../nodectl/v1/ConfigMode.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A plan.
 */
export interface PlanConfigResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * The revision that the node runs, or 0 for none.
   */
  'runningRevision'?: (number | string | Long);
  /**
   * The changes, in the order in which they would be applied. Empty where the node is as the document says.
   */
  'changes'?: (_nodectl_v1_ConfigChange)[];
  /**
   * The strongest effect of all.
   */
  'effect'?: (_nodectl_v1_ConfigEffect);
  /**
   * Whether any change could cut the connection to the node.
   */
  'risksConnection'?: (boolean);
  /**
   * The mode that the document would be applied in.
   */
  'mode'?: (_nodectl_v1_ConfigMode);
}

/**
 * A plan.
 */
export interface PlanConfigResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * The revision that the node runs, or 0 for none.
   */
  'runningRevision': (number);
  /**
   * The changes, in the order in which they would be applied. Empty where the node is as the document says.
   */
  'changes': (_nodectl_v1_ConfigChange__Output)[];
  /**
   * The strongest effect of all.
   */
  'effect': (_nodectl_v1_ConfigEffect__Output);
  /**
   * Whether any change could cut the connection to the node.
   */
  'risksConnection': (boolean);
  /**
   * The mode that the document would be applied in.
   */
  'mode': (_nodectl_v1_ConfigMode__Output);
}
