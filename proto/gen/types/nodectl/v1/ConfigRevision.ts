// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type { ConfigOrigin as _nodectl_v1_ConfigOrigin, ConfigOrigin__Output as _nodectl_v1_ConfigOrigin__Output } from '../../nodectl/v1/ConfigOrigin.ts';
import type { ConfigOutcome as _nodectl_v1_ConfigOutcome, ConfigOutcome__Output as _nodectl_v1_ConfigOutcome__Output } from '../../nodectl/v1/ConfigOutcome.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A revision of a node's document.
 */
export interface ConfigRevision {
  /**
   * Counts from 1.
   */
  'number'?: (number | string | Long);
  /**
   * The digest of its document: SHA-256 in hexadecimal.
   */
  'digest'?: (string);
  /**
   * The revision that it was made from; 0 for the first.
   */
  'parent'?: (number | string | Long);
  /**
   * When it was made, in microseconds since the epoch on the node's clock.
   */
  'timeUsec'?: (number | string | Long);
  /**
   * Where it came from.
   */
  'origin'?: (_nodectl_v1_ConfigOrigin | null);
  /**
   * How it ended.
   */
  'outcome'?: (_nodectl_v1_ConfigOutcome);
  /**
   * Why it failed or was put back, or empty.
   */
  'reason'?: (string);
  /**
   * What it changed, a line each; never values.
   */
  'changes'?: (string)[];
  /**
   * Whether the node runs it now.
   */
  'running'?: (boolean);
}

/**
 * A revision of a node's document.
 */
export interface ConfigRevision__Output {
  /**
   * Counts from 1.
   */
  'number': (number);
  /**
   * The digest of its document: SHA-256 in hexadecimal.
   */
  'digest': (string);
  /**
   * The revision that it was made from; 0 for the first.
   */
  'parent': (number);
  /**
   * When it was made, in microseconds since the epoch on the node's clock.
   */
  'timeUsec': (number);
  /**
   * Where it came from.
   */
  'origin': (_nodectl_v1_ConfigOrigin__Output | null);
  /**
   * How it ended.
   */
  'outcome': (_nodectl_v1_ConfigOutcome__Output);
  /**
   * Why it failed or was put back, or empty.
   */
  'reason': (string);
  /**
   * What it changed, a line each; never values.
   */
  'changes': (string)[];
  /**
   * Whether the node runs it now.
   */
  'running': (boolean);
}
