// @ts-nocheck
// Original file: google/rpc/error_details.proto


/**
 * One precondition.
 */
export interface _google_rpc_PreconditionFailure_Violation {
  /**
   * The kind of the precondition.
   */
  'type'?: (string);
  /**
   * What it is about.
   */
  'subject'?: (string);
  /**
   * What does not hold.
   */
  'description'?: (string);
}

/**
 * One precondition.
 */
export interface _google_rpc_PreconditionFailure_Violation__Output {
  /**
   * The kind of the precondition.
   */
  'type': (string);
  /**
   * What it is about.
   */
  'subject': (string);
  /**
   * What does not hold.
   */
  'description': (string);
}

/**
 * Which preconditions do not hold.
 */
export interface PreconditionFailure {
  /**
   * The preconditions.
   */
  'violations'?: (_google_rpc_PreconditionFailure_Violation)[];
}

/**
 * Which preconditions do not hold.
 */
export interface PreconditionFailure__Output {
  /**
   * The preconditions.
   */
  'violations': (_google_rpc_PreconditionFailure_Violation__Output)[];
}
