// @ts-nocheck
// Original file: nodectl/v1/config.proto


/**
 * Asks for a plan.
 */
export interface PlanConfigRequest {
  /**
   * The document, YAML.
   */
  'document'?: (string);
  /**
   * Whether to tell lines of what differs in texts that everybody on the node may read.
   */
  'textDiffs'?: (boolean);
}

/**
 * Asks for a plan.
 */
export interface PlanConfigRequest__Output {
  /**
   * The document, YAML.
   */
  'document': (string);
  /**
   * Whether to tell lines of what differs in texts that everybody on the node may read.
   */
  'textDiffs': (boolean);
}
