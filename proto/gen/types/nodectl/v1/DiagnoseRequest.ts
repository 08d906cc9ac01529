// @ts-nocheck
// Original file: nodectl/v1/diagnostics.proto


/**
 * Which checks to run.
 */
export interface DiagnoseRequest {
  /**
   * Areas: "kernel", "clock", "nic", "disk", "memory", "system". Empty runs all.
   */
  'areas'?: (string)[];
  /**
   * Ids of checks. Empty runs all of the areas. An unknown id is refused with UNKNOWN_CHECK.
   */
  'checks'?: (string)[];
}

/**
 * Which checks to run.
 */
export interface DiagnoseRequest__Output {
  /**
   * Areas: "kernel", "clock", "nic", "disk", "memory", "system". Empty runs all.
   */
  'areas': (string)[];
  /**
   * Ids of checks. Empty runs all of the areas. An unknown id is refused with UNKNOWN_CHECK.
   */
  'checks': (string)[];
}
