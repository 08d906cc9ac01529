/** What a public key is known by. */

import { createHash, type KeyObject } from 'node:crypto';

/** SHA-256 of a public key (its SubjectPublicKeyInfo in DER): the same whatever certificate the key is in. */
export function publicKeyDigest(key: KeyObject): Buffer {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}
