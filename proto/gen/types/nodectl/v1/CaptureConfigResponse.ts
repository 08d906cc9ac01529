// @ts-nocheck
// Original file: nodectl/v1/config.proto


/**
 * A document of the node as it is.
 */
export interface CaptureConfigResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * The document, YAML.
   */
  'document'?: (string);
  /**
   * What could not be described and why, a sentence each.
   */
  'leftOut'?: (string)[];
}

/**
 * A document of the node as it is.
 */
export interface CaptureConfigResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * The document, YAML.
   */
  'document': (string);
  /**
   * What could not be described and why, a sentence each.
   */
  'leftOut': (string)[];
}
