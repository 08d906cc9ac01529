// @ts-nocheck
// Original file: google/rpc/error_details.proto


/**
 * A stable cause of the error that programs can rely on.
 */
export interface ErrorInfo {
  /**
   * The reason code in UPPER_SNAKE_CASE.
   */
  'reason'?: (string);
  /**
   * Who defines the reason.
   */
  'domain'?: (string);
  /**
   * Further facts by name.
   */
  'metadata'?: ({[key: string]: string});
}

/**
 * A stable cause of the error that programs can rely on.
 */
export interface ErrorInfo__Output {
  /**
   * The reason code in UPPER_SNAKE_CASE.
   */
  'reason': (string);
  /**
   * Who defines the reason.
   */
  'domain': (string);
  /**
   * Further facts by name.
   */
  'metadata': ({[key: string]: string});
}
