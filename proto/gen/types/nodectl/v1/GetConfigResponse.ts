// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type { ConfigRevision as _nodectl_v1_ConfigRevision, ConfigRevision__Output as _nodectl_v1_ConfigRevision__Output } from '../../nodectl/v1/ConfigRevision.ts';

/**
 * A document.
 */
export interface GetConfigResponse {
  /**
   * The node's name, as in its certificate.
   */
  'node'?: (string);
  /**
   * The revision; not set where no document was ever applied.
   */
  'revision'?: (_nodectl_v1_ConfigRevision | null);
  /**
   * The document, YAML as it was applied.
   */
  'document'?: (string);
}

/**
 * A document.
 */
export interface GetConfigResponse__Output {
  /**
   * The node's name, as in its certificate.
   */
  'node': (string);
  /**
   * The revision; not set where no document was ever applied.
   */
  'revision': (_nodectl_v1_ConfigRevision__Output | null);
  /**
   * The document, YAML as it was applied.
   */
  'document': (string);
}
