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
}

/**
 * Asks for a plan.
 */
export interface PlanConfigRequest__Output {
  /**
   * The document, YAML.
   */
  'document': (string);
}
