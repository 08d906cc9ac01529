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
  /**
   * Whether it is to be applied next: refused with TRIAL_RUNNING where that would be, since what is on the machine during a trial may be
   * just what the document says, and goes away again.
   */
  'toApply'?: (boolean);
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
  /**
   * Whether it is to be applied next: refused with TRIAL_RUNNING where that would be, since what is on the machine during a trial may be
   * just what the document says, and goes away again.
   */
  'toApply': (boolean);
}
