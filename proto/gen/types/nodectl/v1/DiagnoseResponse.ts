// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto

import type { Finding as _nodectl_v1_Finding, Finding__Output as _nodectl_v1_Finding__Output } from '../../nodectl/v1/Finding.ts';
import type { CheckResult as _nodectl_v1_CheckResult, CheckResult__Output as _nodectl_v1_CheckResult__Output } from '../../nodectl/v1/CheckResult.ts';
import type { ReadProblem as _nodectl_v1_ReadProblem, ReadProblem__Output as _nodectl_v1_ReadProblem__Output } from '../../nodectl/v1/ReadProblem.ts';
import type { Trait as _nodectl_v1_Trait, Trait__Output as _nodectl_v1_Trait__Output } from '../../nodectl/v1/Trait.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What a run of checks gave.
 */
export interface DiagnoseResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * The troubles that were found.
   */
  'findings'?: (_nodectl_v1_Finding)[];
  /**
   * How each check ended, in the order of the catalogue.
   */
  'checks'?: (_nodectl_v1_CheckResult)[];
  /**
   * What could not be read, in part or whole. A check that needed it is among the skipped ones.
   */
  'problems'?: (_nodectl_v1_ReadProblem)[];
  /**
   * What the node is, in values by which sick nodes may differ from healthy ones.
   */
  'traits'?: (_nodectl_v1_Trait)[];
  /**
   * Microseconds since the epoch on the node's clock when it answered.
   */
  'nowUsec'?: (number | string | Long);
  /**
   * How long the run took, in microseconds.
   */
  'tookUsec'?: (number | string | Long);
  /**
   * The agent's version, which its checks come with.
   */
  'agentVersion'?: (string);
}

/**
 * What a run of checks gave.
 */
export interface DiagnoseResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * The troubles that were found.
   */
  'findings': (_nodectl_v1_Finding__Output)[];
  /**
   * How each check ended, in the order of the catalogue.
   */
  'checks': (_nodectl_v1_CheckResult__Output)[];
  /**
   * What could not be read, in part or whole. A check that needed it is among the skipped ones.
   */
  'problems': (_nodectl_v1_ReadProblem__Output)[];
  /**
   * What the node is, in values by which sick nodes may differ from healthy ones.
   */
  'traits': (_nodectl_v1_Trait__Output)[];
  /**
   * Microseconds since the epoch on the node's clock when it answered.
   */
  'nowUsec': (number);
  /**
   * How long the run took, in microseconds.
   */
  'tookUsec': (number);
  /**
   * The agent's version, which its checks come with.
   */
  'agentVersion': (string);
}
