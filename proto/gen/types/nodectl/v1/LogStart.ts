// @ts-nocheck
// Original file: nodectl/v1/logs.proto


/**
 * What a request was resolved to.
 */
export interface LogStart {
  /**
   * The source's full name.
   */
  'source'?: (string);
  /**
   * The systemd unit that the request was narrowed to, or empty.
   */
  'unit'?: (string);
  /**
   * The node's name.
   */
  'node'?: (string);
}

/**
 * What a request was resolved to.
 */
export interface LogStart__Output {
  /**
   * The source's full name.
   */
  'source': (string);
  /**
   * The systemd unit that the request was narrowed to, or empty.
   */
  'unit': (string);
  /**
   * The node's name.
   */
  'node': (string);
}
