// @ts-nocheck
// Original file: nodectl/v1/system.proto


/**
 * The versions of the agent and of what it runs on.
 */
export interface GetVersionResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * The agent's version, as in its package (semantic versioning).
   */
  'version'?: (string);
  /**
   * The Git commit that the agent was built from, or empty when it runs from source without one.
   */
  'commit'?: (string);
  /**
   * The JavaScript runtime, for example "node 26.10.0".
   */
  'runtime'?: (string);
  /**
   * The running kernel's release, as `uname -r` prints it.
   */
  'kernel'?: (string);
  /**
   * The machine's architecture, as `uname -m` prints it.
   */
  'machine'?: (string);
  /**
   * The release of the agent that runs: SHA-256 of its manifest in lower-case hexadecimal, or "baked" for the one that came with the
   * node's image. Empty where the agent was not started in a way in which it can be replaced.
   */
  'release'?: (string);
  /**
   * Whether that release is on trial: it is left unless it is confirmed.
   */
  'releaseOnTrial'?: (boolean);
}

/**
 * The versions of the agent and of what it runs on.
 */
export interface GetVersionResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * The agent's version, as in its package (semantic versioning).
   */
  'version': (string);
  /**
   * The Git commit that the agent was built from, or empty when it runs from source without one.
   */
  'commit': (string);
  /**
   * The JavaScript runtime, for example "node 26.10.0".
   */
  'runtime': (string);
  /**
   * The running kernel's release, as `uname -r` prints it.
   */
  'kernel': (string);
  /**
   * The machine's architecture, as `uname -m` prints it.
   */
  'machine': (string);
  /**
   * The release of the agent that runs: SHA-256 of its manifest in lower-case hexadecimal, or "baked" for the one that came with the
   * node's image. Empty where the agent was not started in a way in which it can be replaced.
   */
  'release': (string);
  /**
   * Whether that release is on trial: it is left unless it is confirmed.
   */
  'releaseOnTrial': (boolean);
}
