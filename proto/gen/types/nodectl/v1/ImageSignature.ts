// @ts-nocheck
// Original file: nodectl/v1/upgrade.proto


/**
 * A signature over the exact bytes of a manifest.
 */
export interface ImageSignature {
  /**
   * SHA-256 of the public key's SubjectPublicKeyInfo, in lower-case hexadecimal.
   */
  'keyId'?: (string);
  /**
   * Ed25519, 64 bytes, over the pre-authentication encoding of DSSE with the payload type of the manifest.
   */
  'signature'?: (Buffer | Uint8Array | string);
}

/**
 * A signature over the exact bytes of a manifest.
 */
export interface ImageSignature__Output {
  /**
   * SHA-256 of the public key's SubjectPublicKeyInfo, in lower-case hexadecimal.
   */
  'keyId': (string);
  /**
   * Ed25519, 64 bytes, over the pre-authentication encoding of DSSE with the payload type of the manifest.
   */
  'signature': (Buffer);
}
