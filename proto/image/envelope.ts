/**
 * Signatures of an image: Ed25519, detached, over the pre-authentication encoding of DSSE (secure-systems-lab/dsse, protocol.md),
 * which binds the payload's type to its bytes. An envelope is the file that carries them; n of m keys must have signed.
 */

import { type KeyObject, sign, verify } from 'node:crypto';
import * as z from 'zod';
import { Failure } from '../failure.ts';
import { canonicalJson, parseCanonicalJson } from './canonical-json.ts';
import { keyIdOf } from './key-id.ts';
import type { Keyring } from './keyring.ts';
import { MAX_ENVELOPE_BYTES, MAX_SIGNATURES } from './limits.ts';
import { MANIFEST_TYPE } from './manifest.ts';

/** Bytes of an Ed25519 signature (RFC 8032). */
const SIGNATURE_BYTES = 64;

/** A signature of a manifest. */
export interface ImageSignature {
  /** SHA-256 of the public key's SubjectPublicKeyInfo, in lower-case hexadecimal. */
  keyId: string;
  /** 64 bytes. */
  signature: Uint8Array;
}

const ENVELOPE = z.strictObject({
  payloadType: z.string().max(128),
  signatures: z
    .array(
      z.strictObject({
        keyid: z.string().regex(/^[0-9a-f]{64}$/),
        sig: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
      }),
    )
    .min(1)
    .max(MAX_SIGNATURES),
});

/**
 * The bytes that are signed for a manifest: "DSSEv1", the payload's type and the payload, each behind its length.
 * @param type what the manifest is of, here and below: by default an OS image
 */
export function signedBytes(manifest: Uint8Array, type = MANIFEST_TYPE): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${manifest.length} `;
  return Buffer.concat([Buffer.from(head), manifest]);
}

/** Signs a manifest's bytes with a private Ed25519 key. */
export function signManifest(manifest: Uint8Array, key: KeyObject, type = MANIFEST_TYPE): ImageSignature {
  return { keyId: keyIdOf(key), signature: sign(null, signedBytes(manifest, type), key) };
}

/** Signatures as an envelope's bytes: canonical JSON, sorted by key. @throws Failure IMAGE_ENVELOPE_INVALID */
export function encodeEnvelope(signatures: readonly ImageSignature[], type = MANIFEST_TYPE): Buffer {
  const entries = signatures
    .map(({ keyId, signature }) => ({ keyid: keyId, sig: Buffer.from(signature).toString('base64') }))
    .sort((a, b) => (a.keyid < b.keyid ? -1 : 1));
  return Buffer.from(canonicalJson(shaped({ payloadType: type, signatures: entries }, type)));
}

/** The signatures of an envelope; whether they hold is another question. @throws Failure IMAGE_ENVELOPE_INVALID */
export function parseEnvelope(bytes: Uint8Array, type = MANIFEST_TYPE): ImageSignature[] {
  if (bytes.length > MAX_ENVELOPE_BYTES) throw invalid(`is longer than ${MAX_ENVELOPE_BYTES} bytes`);
  const { signatures } = parseCanonicalJson(bytes, (value) => shaped(value, type), invalid);
  return signatures.map(({ keyid, sig }) => ({ keyId: keyid, signature: Buffer.from(sig, 'base64') }));
}

/**
 * Holds signatures against a keyring. Keys that are not in it are passed over, as an image may be signed with a coming key too;
 * one that is in it and did not sign these bytes ends it.
 * @param threshold how many different keys of the keyring must have signed, at least 1
 * @returns the ids of the keys that did
 * @throws Failure IMAGE_SIGNATURE_INVALID, IMAGE_SIGNATURES_TOO_FEW, IMAGE_ENVELOPE_INVALID
 */
export function verifyManifest(
  manifest: Uint8Array,
  signatures: readonly ImageSignature[],
  keyring: Keyring,
  threshold = 1,
  type = MANIFEST_TYPE,
): string[] {
  if (signatures.length > MAX_SIGNATURES) throw invalid(`has more than ${MAX_SIGNATURES} signatures`);
  if (new Set(signatures.map(({ keyId }) => keyId)).size < signatures.length)
    throw invalid('has two signatures of one key');
  const bytes = signedBytes(manifest, type);
  const signers: string[] = [];
  for (const { keyId, signature } of signatures) {
    const key = keyring.get(keyId);
    if (key === undefined) continue;
    if (signature.length !== SIGNATURE_BYTES || !verify(null, bytes, key.key, signature))
      throw new Failure(
        'IMAGE_SIGNATURE_INVALID',
        `the image’s manifest is not what ${key.name} has signed`,
        {
          hint: 'the image was changed after it was signed; get it anew from whoever made it',
          facts: { keyId },
        },
      );
    signers.push(keyId);
  }
  const needed = Math.max(1, threshold);
  if (signers.length < needed)
    throw new Failure(
      'IMAGE_SIGNATURES_TOO_FEW',
      `${signers.length} of the image’s ${signatures.length} signatures are of trusted keys, and ${needed} must be`,
      {
        hint: `it is signed by ${signatures.map(({ keyId }) => keyId.slice(0, 16)).join(', ') || 'nobody'}; trust its maker’s public key (on nodes: in the folder that upgrades.keys in agent.yaml names), or have it signed by who is trusted`,
      },
    );
  return signers;
}

function shaped(value: unknown, type: string): z.output<typeof ENVELOPE> {
  const { data, error } = ENVELOPE.safeParse(value);
  if (error) throw invalid(`is not valid at "${error.issues[0]?.path.join('.') ?? ''}"`);
  const { signatures, payloadType } = data;
  if (payloadType !== type) throw invalid(`signs something else: ${payloadType}`);
  if (signatures.some(({ keyid }, at) => at > 0 && keyid <= (signatures[at - 1]?.keyid ?? '')))
    throw invalid('does not have its signatures sorted by key, each key once');
  if (signatures.some(({ sig }) => Buffer.from(sig, 'base64').toString('base64') !== sig))
    throw invalid('has a signature that is not canonical base64');
  return data;
}

function invalid(why: string): Failure {
  return new Failure('IMAGE_ENVELOPE_INVALID', `the envelope with the image’s signatures ${why}`, {
    hint: 'nothing was written; get the image anew from whoever made it',
  });
}
