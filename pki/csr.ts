/**
 * Certificate requests (PKCS #10, RFC 2986). A request proves that its sender holds a key, and says nothing else that is
 * believed: names in it are not even read.
 */

import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import forge from 'node-forge';
import { Failure } from '../proto/failure.ts';
import * as der from './der.ts';

/** A request with a P-256 key has about 200 bytes; with a long subject and attributes some more. */
const MAX_BYTES = 4096;
/** A SubjectPublicKeyInfo of a P-256 key with the point uncompressed, the only form that is taken: one key, one digest. */
const SPKI_BYTES = 91;

/** A new P-256 key. */
export function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** A key as PKCS #8 in PEM, unencrypted. */
export function keyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** A request for a key, in DER. */
export function createRequest(key: KeyObject, commonName: string): Buffer {
  const info = der.sequence(
    der.integer(Uint8Array.of(0)),
    der.sequence(der.set(der.sequence(der.oid(der.OID.commonName), der.utf8(commonName)))),
    der.parsed(createPublicKey(key).export({ type: 'spki', format: 'der' })),
    der.tagged(0),
  );
  const signature = sign('sha256', der.encode(info), key);
  return der.encode(der.sequence(info, der.sequence(der.oid(der.OID.ecdsaWithSha256)), der.bits(signature)));
}

/** The public key of a request whose signature shows that the sender holds it. Throws BAD_CSR for anything else. */
export function requestKey(bytes: Uint8Array): KeyObject {
  if (bytes.length === 0 || bytes.length > MAX_BYTES)
    throw new Failure('BAD_CSR', `a certificate request of ${bytes.length} bytes is not taken`, {
      hint: `send PKCS #10 in DER, at most ${MAX_BYTES} bytes`,
    });
  let key: KeyObject;
  let signed: boolean;
  try {
    const outer = parts(der.parsed(bytes));
    const [info, algorithm, signature] = outer;
    const spki = parts(info)[2];
    const id = parts(algorithm)[0];
    if (!info || !spki || typeof id?.value !== 'string' || typeof signature?.value !== 'string')
      throw new Error('a part is missing');
    if (outer.length !== 3) throw new Error('there are parts that nothing signs');
    if (forge.asn1.derToOid(id.value) !== der.OID.ecdsaWithSha256)
      throw new Error('not signed by ECDSA with SHA-256');
    const encoded = der.encode(spki);
    key = createPublicKey({ key: encoded, format: 'der', type: 'spki' });
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('not a P-256 key');
    if (encoded.length !== SPKI_BYTES || !key.export({ type: 'spki', format: 'der' }).equals(encoded))
      throw new Error('not a key in the usual form');
    // The first byte of a BIT STRING counts unused bits; a signature has none.
    const [unused, ...value] = Buffer.from(signature.value, 'latin1');
    if (unused !== 0) throw new Error('the signature has half a byte');
    signed = verify('sha256', der.encode(info), key, Buffer.from(value));
  } catch (cause) {
    throw new Failure('BAD_CSR', 'the certificate request cannot be read', {
      hint: 'send PKCS #10 in DER with a P-256 key, signed by ECDSA with SHA-256',
      cause,
    });
  }
  if (!signed) throw new Failure('BAD_CSR', 'the certificate request is not signed by its own key');
  return key;
}

function parts(value: der.Der | undefined): (der.Der | undefined)[] {
  if (!value || !Array.isArray(value.value)) throw new Error('not a sequence');
  return value.value;
}
