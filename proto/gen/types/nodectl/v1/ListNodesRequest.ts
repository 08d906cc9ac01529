// @ts-nocheck
// Original file: nodectl/v1/issuer.proto


/**
 * Asks for nodes of the register.
 */
export interface ListNodesRequest {
  /**
   * How many at most. 0 means 1,000.
   */
  'pageSize'?: (number);
  /**
   * From the answer before, or empty for the first page.
   */
  'pageToken'?: (string);
}

/**
 * Asks for nodes of the register.
 */
export interface ListNodesRequest__Output {
  /**
   * How many at most. 0 means 1,000.
   */
  'pageSize': (number);
  /**
   * From the answer before, or empty for the first page.
   */
  'pageToken': (string);
}
