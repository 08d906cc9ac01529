/** Whether a private key is that of a certificate, shown by using it. */

import { type KeyObject, sign, verify, type X509Certificate } from 'node:crypto';

const PROBE = Buffer.from('nodectl: does this key fit?');

/**
 * Whether what the key signs is verified by the certificate. To compare public keys is not enough: a private key's file holds a copy
 * of its public one, so a key whose own bits have rotted still looks like its certificate's, and every handshake with it fails.
 */
export function keyFits(certificate: X509Certificate, key: KeyObject): boolean {
  if (!certificate.checkPrivateKey(key)) return false;
  try {
    return verify(null, PROBE, certificate.publicKey, sign(null, PROBE, key));
  } catch {
    // OpenSSL refuses to sign with a number that is out of the curve's range.
    return false;
  }
}
