// @ts-nocheck
// Original file: nodectl/v1/config.proto


/**
 * Where a document came from.
 */
export interface ConfigOrigin {
  /**
   * The identity of who applied it, from the certificate. Ignored in requests.
   */
  'author'?: (string);
  /**
   * The Git commit, in hexadecimal, or empty.
   */
  'commit'?: (string);
  /**
   * Whether the working tree had changes that are in no commit.
   */
  'dirty'?: (boolean);
  /**
   * What the author said of it, or empty.
   */
  'message'?: (string);
}

/**
 * Where a document came from.
 */
export interface ConfigOrigin__Output {
  /**
   * The identity of who applied it, from the certificate. Ignored in requests.
   */
  'author': (string);
  /**
   * The Git commit, in hexadecimal, or empty.
   */
  'commit': (string);
  /**
   * Whether the working tree had changes that are in no commit.
   */
  'dirty': (boolean);
  /**
   * What the author said of it, or empty.
   */
  'message': (string);
}
