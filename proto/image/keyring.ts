/** The public keys that images are trusted by, read from PEM texts. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import { Failure } from '../failure.ts';
import { keyIdOf } from './key-id.ts';
import { MAX_KEYS } from './limits.ts';

/** A key that images may be signed with. */
export interface TrustedKey {
  /** Where it was read from, for messages: "release.pem". */
  name: string;
  key: KeyObject;
}

/** Trusted keys by their ids. */
export type Keyring = ReadonlyMap<string, TrustedKey>;

/** A PEM file larger than this holds something else. */
const MAX_PEM_BYTES = 64 << 10;

/**
 * Reads a keyring. A text may hold several keys; a key that stands in two of them counts once.
 * @param texts the PEM files, each with the name that messages call it by
 * @throws Failure IMAGE_KEYRING_INVALID where one holds no key, a private one, or one that is not Ed25519
 */
export function readKeyring(texts: readonly { name: string; text: string }[]): Keyring {
  const keyring = new Map<string, TrustedKey>();
  for (const { name, text } of texts) {
    if (text.length > MAX_PEM_BYTES) throw invalid(name, 'is too large for a file of keys');
    if (/PRIVATE KEY/.test(text)) throw invalid(name, 'holds a private key, which does not belong there');
    const blocks = text.match(/-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----/g) ?? [];
    if (blocks.length === 0) throw invalid(name, 'holds no public key');
    for (const block of blocks) {
      const key = publicKey(name, block);
      const id = keyIdOf(key);
      if (!keyring.has(id)) keyring.set(id, { name, key });
    }
  }
  if (keyring.size > MAX_KEYS)
    throw new Failure('IMAGE_KEYRING_INVALID', `there are more than ${MAX_KEYS} trusted keys`);
  return keyring;
}

function publicKey(name: string, pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw invalid(name, 'holds a public key that cannot be read');
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw invalid(name, `holds a key of the type ${key.asymmetricKeyType}, and images are signed by Ed25519`);
  return key;
}

function invalid(name: string, why: string): Failure {
  return new Failure('IMAGE_KEYRING_INVALID', `${name} ${why}`, {
    hint: 'nodectl image keygen makes a pair; nodes and verifiers get the file that ends in .pub.pem',
  });
}
