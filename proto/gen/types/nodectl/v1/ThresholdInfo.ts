// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto


/**
 * A threshold of a check.
 */
export interface ThresholdInfo {
  /**
   * Its name within the check, as the agent's configuration takes it.
   */
  'name'?: (string);
  /**
   * The value in force.
   */
  'value'?: (number | string);
  /**
   * The value where the configuration says nothing.
   */
  'defaultValue'?: (number | string);
  /**
   * Its unit, or empty for a count.
   */
  'unit'?: (string);
  /**
   * Who publishes it, or why it was chosen.
   */
  'source'?: (string);
}

/**
 * A threshold of a check.
 */
export interface ThresholdInfo__Output {
  /**
   * Its name within the check, as the agent's configuration takes it.
   */
  'name': (string);
  /**
   * The value in force.
   */
  'value': (number);
  /**
   * The value where the configuration says nothing.
   */
  'defaultValue': (number);
  /**
   * Its unit, or empty for a count.
   */
  'unit': (string);
  /**
   * Who publishes it, or why it was chosen.
   */
  'source': (string);
}
