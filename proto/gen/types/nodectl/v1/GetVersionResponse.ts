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
}
