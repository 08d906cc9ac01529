/**
 * Statements by which a root hands trust over: a trusted root signs that another root is to be trusted too, or no longer. Nodes
 * take them into trust.pem whoever brings them, since the signature is the root's own, and keys of roots are offline.
 *
 * A statement is one line of JSON: `payload`, a JSON text, and `signature`, ECDSA with SHA-256 over a prefix and that text in
 * base64. The prefix keeps it from being taken for anything else that a root signs.
 */

import { sign, verify, type X509Certificate } from 'node:crypto';
import { Failure } from '../proto/failure.ts';
import type { Signer } from './certificate.ts';
import { isSignedBy, leadsTo } from './chain.ts';
import { ROOT_AUTHORITY, renderedName } from './peer.ts';
import { certificatesOf } from './pem.ts';

const PREFIX = 'nodectl statement of trust v1\n';
/** Long enough to reach nodes that are switched off for a holiday; after that a lost statement is of no use to anybody. */
const LIFE_MS = 30 * 86_400_000;
const MAX_CHARACTERS = 16 * 1024;

/** What becomes of a root. */
export type TrustChange = 'trust' | 'distrust';

interface Payload {
  change: TrustChange;
  /** SHA-256 of the root that signs, as X509Certificate.fingerprint256. */
  by: string;
  /** The root that it is about, in PEM. */
  root: string;
  /** ms since the epoch */
  notAfter: number;
}

/** Makes a statement of a root about another. Throws BAD_ARGUMENT where that is no root, or the same. */
export function makeStatement(
  change: TrustChange,
  signer: Signer,
  root: X509Certificate,
  now = Date.now(),
): string {
  checkRoot(root, change === 'trust' ? now : undefined);
  const by = signer.certificate.fingerprint256;
  if (root.fingerprint256 === by)
    throw new Failure('BAD_ARGUMENT', 'a root can make no statement about itself', {
      hint: change === 'trust' ? 'name the folder of the new PKI' : 'the new root says that the old one goes',
    });
  const payload = JSON.stringify({ change, by, root: root.toString(), notAfter: now + LIFE_MS });
  const signature = sign('sha256', Buffer.from(PREFIX + payload), signer.key).toString('base64');
  return `${JSON.stringify({ payload, signature })}\n`;
}

/** What a statement makes of a bundle of roots. */
export interface TrustOutcome {
  readonly change: TrustChange;
  /** The root that it is about. */
  readonly root: X509Certificate;
  /** The roots that are trusted from then on. */
  readonly roots: readonly X509Certificate[];
  /** Whether the bundle is another one than before. */
  readonly changed: boolean;
}

/**
 * Holds a statement against the roots that are trusted now. Throws BAD_ARGUMENT where it is none or has ended, WRONG_CA where no
 * trusted root signed it.
 */
export function judgeStatement(text: string, trust: string, now = Date.now()): TrustOutcome {
  const { payload, signature } = parse(text);
  const trusted = certificatesOf(trust);
  const { change, by, root: pem, notAfter } = payload.fields;
  const signer = trusted.find(({ fingerprint256 }) => fingerprint256 === by);
  if (!signer || !verify('sha256', Buffer.from(PREFIX + payload.text), signer.publicKey, signature))
    throw new Failure('WRONG_CA', 'the statement is not signed by a root that is trusted here', {
      hint: 'the root that is trusted now makes it: nodectl pki hand-over',
    });
  if (now > notAfter)
    throw new Failure('BAD_ARGUMENT', `the statement ended ${new Date(notAfter).toISOString()}`, {
      hint: 'make a new one: nodectl pki hand-over',
    });
  const [root] = certificatesOf(pem);
  if (!root) throw noStatement();
  checkRoot(root, change === 'trust' ? now : undefined);
  const others = trusted.filter(({ fingerprint256 }) => fingerprint256 !== root.fingerprint256);
  const had = others.length < trusted.length;
  if (change === 'trust') return { change, root, roots: had ? trusted : [...trusted, root], changed: !had };
  return { change, root, roots: others, changed: had };
}

function noStatement(cause?: unknown): Failure {
  return new Failure('BAD_ARGUMENT', 'this is no statement of trust', {
    hint: 'give the file that nodectl pki hand-over wrote, whole',
    cause,
  });
}

function parse(text: string): { payload: { text: string; fields: Payload }; signature: Buffer } {
  if (text.length > MAX_CHARACTERS) throw noStatement();
  try {
    const { payload, signature } = JSON.parse(text) as Record<string, unknown>;
    if (typeof payload !== 'string' || typeof signature !== 'string') throw noStatement();
    const fields = JSON.parse(payload) as Payload;
    const { change, by, root, notAfter } = fields;
    const sound =
      (change === 'trust' || change === 'distrust') &&
      [by, root].every((one) => typeof one === 'string') &&
      Number.isSafeInteger(notAfter);
    if (!sound) throw noStatement();
    return { payload: { text: payload, fields }, signature: Buffer.from(signature, 'base64') };
  } catch (error) {
    throw error instanceof Failure ? error : noStatement(error);
  }
}

/** @param now where it must be in force too */
function checkRoot(root: X509Certificate, now: number | undefined): void {
  if (!root.ca || root.subject !== renderedName(ROOT_AUTHORITY) || !isSignedBy(root, root))
    throw new Failure('BAD_ARGUMENT', 'the certificate is not that of a nodectl root', {
      hint: 'name the root.crt of a PKI',
    });
  if (now !== undefined && now > root.validToDate.getTime())
    throw new Failure('CERTIFICATE_EXPIRED', 'the root that is to be trusted has ended');
}

/** The root that a chain in PEM leads to, or undefined where it leads to none of them. */
export function rootOfChain(chain: string, roots: readonly X509Certificate[]): X509Certificate | undefined {
  const [leaf, ...others] = certificatesOf(chain);
  return leaf && roots.find((root) => leadsTo(leaf, others, [root]));
}
