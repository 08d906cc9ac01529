// @ts-nocheck
// Original file: google/rpc/error_details.proto


/**
 * One wrong field.
 */
export interface _google_rpc_BadRequest_FieldViolation {
  /**
   * The field's path.
   */
  'field'?: (string);
  /**
   * Why it is wrong.
   */
  'description'?: (string);
}

/**
 * One wrong field.
 */
export interface _google_rpc_BadRequest_FieldViolation__Output {
  /**
   * The field's path.
   */
  'field': (string);
  /**
   * Why it is wrong.
   */
  'description': (string);
}

/**
 * Which fields of the request are wrong.
 */
export interface BadRequest {
  /**
   * The wrong fields.
   */
  'fieldViolations'?: (_google_rpc_BadRequest_FieldViolation)[];
}

/**
 * Which fields of the request are wrong.
 */
export interface BadRequest__Output {
  /**
   * The wrong fields.
   */
  'fieldViolations': (_google_rpc_BadRequest_FieldViolation__Output)[];
}
