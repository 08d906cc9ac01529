/**
 * Enrolment tokens: "nctl_" and, in base64url, a version byte, the pin of the root (16 bytes of the SHA-256 of its public
 * key), a secret of 20 bytes, the node's name, and 4 bytes of checksum. A node learns from it whom to believe and what it
 * is called; a typing error is told from an unknown token. The issuer keeps a digest of it and never the token.
 */

import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { Failure } from '../proto/failure.ts';
import { checkNodeName, isNodeName } from './names.ts';
import { publicKeyDigest } from './public-key.ts';

const PREFIX = 'nctl_';
const VERSION = 1;
const PIN_BYTES = 16;
const SECRET_BYTES = 20;
const CHECK_BYTES = 4;
const LONGEST = 200;

/** What a token says to whoever holds it. */
export interface Token {
  /** The first 16 bytes of the SHA-256 of the root's public key. */
  pin: Buffer;
  /** The node's name. */
  node: string;
}

function sha256(bytes: Uint8Array | string): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** The pin of a root certificate. */
export function rootPin(root: X509Certificate | string): Buffer {
  const certificate = typeof root === 'string' ? new X509Certificate(root) : root;
  return publicKeyDigest(certificate.publicKey).subarray(0, PIN_BYTES);
}

/** A new token for a node. */
export function createToken(node: string, root: X509Certificate | string): string {
  const body = Buffer.concat([
    Uint8Array.of(VERSION),
    rootPin(root),
    randomBytes(SECRET_BYTES),
    Buffer.from(checkNodeName(node)),
  ]);
  return PREFIX + Buffer.concat([body, sha256(body).subarray(0, CHECK_BYTES)]).toString('base64url');
}

/** What a token says. Throws TOKEN_INVALID where it is damaged or none. */
export function parseToken(token: string): Token {
  const text = token.trim();
  if (text === '')
    throw new Failure('TOKEN_INVALID', 'the enrolment token is empty', {
      hint: 'make one anew and see whether that works: nodectl pki token NAME',
    });
  const bytes = Buffer.from(text.length <= LONGEST ? text.slice(PREFIX.length) : '', 'base64url');
  const body = bytes.subarray(0, -CHECK_BYTES);
  const start = 1 + PIN_BYTES + SECRET_BYTES;
  const node = body.subarray(start).toString('latin1');
  // Written anew, since the decoder passes over characters that do not belong there.
  const whole = text === PREFIX + bytes.toString('base64url') && body.length > start;
  if (!whole || !sha256(body).subarray(0, CHECK_BYTES).equals(bytes.subarray(-CHECK_BYTES)))
    throw new Failure('TOKEN_INVALID', 'the enrolment token is damaged', {
      hint: 'copy it once more, whole; it begins with nctl_',
    });
  if (body[0] !== VERSION || !isNodeName(node))
    throw new Failure('TOKEN_INVALID', 'the enrolment token is of another version of nodectl', {
      hint: 'use the same release of nodectl and of the agent',
    });
  return { pin: body.subarray(1, 1 + PIN_BYTES), node };
}

/** What the issuer keeps of a token. The secret has 160 random bits, so one hash is enough. */
export function tokenDigest(token: string): string {
  return sha256(token.trim()).toString('hex');
}
