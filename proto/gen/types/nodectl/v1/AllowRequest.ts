// @ts-nocheck
// Original file: nodectl/v1/access.proto


/**
 * Asks to take a subject off the denylist.
 */
export interface AllowRequest {
  /**
   * As in Denied.subject.
   */
  'subject'?: (string);
  /**
   * Only check the request and say what would be done.
   */
  'validateOnly'?: (boolean);
}

/**
 * Asks to take a subject off the denylist.
 */
export interface AllowRequest__Output {
  /**
   * As in Denied.subject.
   */
  'subject': (string);
  /**
   * Only check the request and say what would be done.
   */
  'validateOnly': (boolean);
}
