// @ts-nocheck
// Original file: nodectl/v1/access.proto


/**
 * Asks to deny a subject.
 */
export interface DenyRequest {
  /**
   * As in Denied.subject.
   */
  'subject'?: (string);
  /**
   * Why, at most 200 characters.
   */
  'reason'?: (string);
  /**
   * Only check the request and say what would be done.
   */
  'validateOnly'?: (boolean);
}

/**
 * Asks to deny a subject.
 */
export interface DenyRequest__Output {
  /**
   * As in Denied.subject.
   */
  'subject': (string);
  /**
   * Why, at most 200 characters.
   */
  'reason': (string);
  /**
   * Only check the request and say what would be done.
   */
  'validateOnly': (boolean);
}
