// @ts-nocheck
// Original file: nodectl/v1/bundle.proto


/**
 * What to leave out of a bundle.
 */
export interface CollectBundleRequest {
  /**
   * Leaves out logs: those of the kernel and of the agent.
   */
  'withoutLogs'?: (boolean);
  /**
   * Leaves out the history, which may be some megabytes.
   */
  'withoutHistory'?: (boolean);
}

/**
 * What to leave out of a bundle.
 */
export interface CollectBundleRequest__Output {
  /**
   * Leaves out logs: those of the kernel and of the agent.
   */
  'withoutLogs': (boolean);
  /**
   * Leaves out the history, which may be some megabytes.
   */
  'withoutHistory': (boolean);
}
