// @ts-nocheck
// Original file: nodectl/v1/agent_release.proto


/**
 * It can be installed.
 */
export interface PlanAgentReleaseResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * SHA-256 of the manifest in lower-case hexadecimal: the release's name.
   */
  'release'?: (string);
  /**
   * Whether it runs already.
   */
  'runs'?: (boolean);
  /**
   * Whether the node has it already.
   */
  'isThere'?: (boolean);
  /**
   * The version that runs.
   */
  'runningVersion'?: (string);
}

/**
 * It can be installed.
 */
export interface PlanAgentReleaseResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * SHA-256 of the manifest in lower-case hexadecimal: the release's name.
   */
  'release': (string);
  /**
   * Whether it runs already.
   */
  'runs': (boolean);
  /**
   * Whether the node has it already.
   */
  'isThere': (boolean);
  /**
   * The version that runs.
   */
  'runningVersion': (string);
}
