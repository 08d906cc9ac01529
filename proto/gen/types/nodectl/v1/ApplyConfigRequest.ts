// @ts-nocheck
// Original file: nodectl/v1/config.proto

import type { ConfigMode as _nodectl_v1_ConfigMode, ConfigMode__Output as _nodectl_v1_ConfigMode__Output } from '../../nodectl/v1/ConfigMode.ts';
import type { ConfigOrigin as _nodectl_v1_ConfigOrigin, ConfigOrigin__Output as _nodectl_v1_ConfigOrigin__Output } from '../../nodectl/v1/ConfigOrigin.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Applies a document.
 */
export interface ApplyConfigRequest {
  /**
   * The document, YAML.
   */
  'document'?: (string);
  /**
   * The revision that the document was made from; refused with STALE_REVISION where the node runs another. Absent: any.
   */
  'expectedRevision'?: (number | string | Long);
  /**
   * How to apply it.
   */
  'mode'?: (_nodectl_v1_ConfigMode);
  /**
   * Seconds until a trial reverts, 10 to 86,400. 0 takes the default of 120.
   */
  'timeoutSeconds'?: (number);
  /**
   * Where it came from. The author is taken from the certificate.
   */
  'origin'?: (_nodectl_v1_ConfigOrigin | null);
  '_expectedRevision'?: "expectedRevision";
}

/**
 * Applies a document.
 */
export interface ApplyConfigRequest__Output {
  /**
   * The document, YAML.
   */
  'document': (string);
  /**
   * The revision that the document was made from; refused with STALE_REVISION where the node runs another. Absent: any.
   */
  'expectedRevision'?: (number);
  /**
   * How to apply it.
   */
  'mode': (_nodectl_v1_ConfigMode__Output);
  /**
   * Seconds until a trial reverts, 10 to 86,400. 0 takes the default of 120.
   */
  'timeoutSeconds': (number);
  /**
   * Where it came from. The author is taken from the certificate.
   */
  'origin': (_nodectl_v1_ConfigOrigin__Output | null);
  '_expectedRevision'?: "expectedRevision";
}
