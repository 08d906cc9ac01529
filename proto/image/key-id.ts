/** The name of a signing key. */

import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** SHA-256 of a key's SubjectPublicKeyInfo, in lower-case hexadecimal; of a private key, of the public one that belongs to it. */
export function keyIdOf(key: KeyObject): string {
  const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(spki).digest('hex');
}
