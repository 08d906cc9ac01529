// @ts-nocheck
// Original file: nodectl/v1/nic.proto

import type { Nic as _nodectl_v1_Nic, Nic__Output as _nodectl_v1_Nic__Output } from '../../nodectl/v1/Nic.ts';
import type { ReadProblem as _nodectl_v1_ReadProblem, ReadProblem__Output as _nodectl_v1_ReadProblem__Output } from '../../nodectl/v1/ReadProblem.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Interfaces of a node.
 */
export interface ListNicsResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * Microseconds since the epoch on the node's clock when it answered.
   */
  'nowUsec'?: (number | string | Long);
  /**
   * The interfaces, in the order of their index.
   */
  'nics'?: (_nodectl_v1_Nic)[];
  /**
   * How many interfaces were not listed since nobody asked for them.
   */
  'others'?: (number);
  /**
   * What could not be read.
   */
  'problems'?: (_nodectl_v1_ReadProblem)[];
}

/**
 * Interfaces of a node.
 */
export interface ListNicsResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * Microseconds since the epoch on the node's clock when it answered.
   */
  'nowUsec': (number);
  /**
   * The interfaces, in the order of their index.
   */
  'nics': (_nodectl_v1_Nic__Output)[];
  /**
   * How many interfaces were not listed since nobody asked for them.
   */
  'others': (number);
  /**
   * What could not be read.
   */
  'problems': (_nodectl_v1_ReadProblem__Output)[];
}
