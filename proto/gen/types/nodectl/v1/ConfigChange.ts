// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type { ConfigEffect as _nodectl_v1_ConfigEffect, ConfigEffect__Output as _nodectl_v1_ConfigEffect__Output } from '../../nodectl/v1/ConfigEffect.ts';
import type { ConfigDifference as _nodectl_v1_ConfigDifference, ConfigDifference__Output as _nodectl_v1_ConfigDifference__Output } from '../../nodectl/v1/ConfigDifference.ts';

/**
 * A change of one resource.
 */
export interface ConfigChange {
  /**
   * The resource, for example "file//etc/motd" or "sysctl/net.core.somaxconn".
   */
  'resource'?: (string);
  /**
   * When it counts.
   */
  'effect'?: (_nodectl_v1_ConfigEffect);
  /**
   * Whether it could cut the connection to the node.
   */
  'risksConnection'?: (boolean);
  /**
   * What differs.
   */
  'differences'?: (_nodectl_v1_ConfigDifference)[];
  /**
   * Units that are restarted for it.
   */
  'restarts'?: (string)[];
}

/**
 * A change of one resource.
 */
export interface ConfigChange__Output {
  /**
   * The resource, for example "file//etc/motd" or "sysctl/net.core.somaxconn".
   */
  'resource': (string);
  /**
   * When it counts.
   */
  'effect': (_nodectl_v1_ConfigEffect__Output);
  /**
   * Whether it could cut the connection to the node.
   */
  'risksConnection': (boolean);
  /**
   * What differs.
   */
  'differences': (_nodectl_v1_ConfigDifference__Output)[];
  /**
   * Units that are restarted for it.
   */
  'restarts': (string)[];
}
