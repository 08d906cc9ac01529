// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The release that runs.
 */
export interface GetAgentReleaseResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * The agent's version.
   */
  'version'?: (string);
  /**
   * The release: SHA-256 of its manifest in lower-case hexadecimal, "baked" for the agent that came with the node's image, or empty
   * where the agent was not started in a way in which it can be replaced.
   */
  'release'?: (string);
  /**
   * The release's serial number; 0 where it has none.
   */
  'serial'?: (number | string | Long);
  /**
   * The release that is started next, as in `release`.
   */
  'nextRelease'?: (string);
  /**
   * The release that would be gone back to, as in `release`.
   */
  'previousRelease'?: (string);
  /**
   * Whether it is on trial.
   */
  'onTrial'?: (boolean);
  /**
   * Seconds until the trial ends; absent where nobody knows.
   */
  'trialSecondsLeft'?: (number);
  /**
   * The release that was left last, or empty.
   */
  'leftRelease'?: (string);
  /**
   * Why it was left, as a clause.
   */
  'leftReason'?: (string);
  /**
   * When it was left, in microseconds since the epoch on the node's clock, or 0.
   */
  'leftUsec'?: (number | string | Long);
  /**
   * The lowest serial number that is taken without leave to downgrade.
   */
  'serialFloor'?: (number | string | Long);
  '_trialSecondsLeft'?: "trialSecondsLeft";
}

/**
 * The release that runs.
 */
export interface GetAgentReleaseResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * The agent's version.
   */
  'version': (string);
  /**
   * The release: SHA-256 of its manifest in lower-case hexadecimal, "baked" for the agent that came with the node's image, or empty
   * where the agent was not started in a way in which it can be replaced.
   */
  'release': (string);
  /**
   * The release's serial number; 0 where it has none.
   */
  'serial': (number);
  /**
   * The release that is started next, as in `release`.
   */
  'nextRelease': (string);
  /**
   * The release that would be gone back to, as in `release`.
   */
  'previousRelease': (string);
  /**
   * Whether it is on trial.
   */
  'onTrial': (boolean);
  /**
   * Seconds until the trial ends; absent where nobody knows.
   */
  'trialSecondsLeft'?: (number);
  /**
   * The release that was left last, or empty.
   */
  'leftRelease': (string);
  /**
   * Why it was left, as a clause.
   */
  'leftReason': (string);
  /**
   * When it was left, in microseconds since the epoch on the node's clock, or 0.
   */
  'leftUsec': (number);
  /**
   * The lowest serial number that is taken without leave to downgrade.
   */
  'serialFloor': (number);
  '_trialSecondsLeft'?: "trialSecondsLeft";
}
