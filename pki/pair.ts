/** A key with its certificates, held against itself and against the roots before it is used. */

import { createPrivateKey, type X509Certificate } from 'node:crypto';
import { Failure } from '../proto/failure.ts';
import { type Identity, identityOf } from './identity.ts';
import type { Kind } from './names.ts';
import { certificatePart, certificatesOf, keyPart } from './pem.ts';

/** A usable key and certificate. */
export interface Pair {
  /** The private key in PEM. */
  key: string;
  /** Leaf and intermediate in PEM, leaf first. */
  chain: string;
  identity: Identity;
}

/** Longest chain that is followed; ours are leaf, intermediate, root. */
const MAX_STEPS = 4;

/** Whether a chain of signatures leads from the leaf, over the others, to one of the roots. */
export function leadsTo(leaf: X509Certificate, others: X509Certificate[], roots: X509Certificate[]): boolean {
  let at = leaf;
  for (let step = 0; step < MAX_STEPS; step++) {
    const current = at;
    const signed = (by: X509Certificate) => current.checkIssued(by) && current.verify(by.publicKey);
    if (roots.some(signed)) return true;
    const next = others.find(signed);
    if (!next) return false;
    at = next;
  }
  return false;
}

/**
 * The pair in a PEM text of key, leaf and intermediate. Throws BAD_CERTIFICATE where a part is missing, damaged or not of
 * the others, WRONG_CA where the chain does not lead to the roots, WRONG_ISSUER where it is of another kind. An expired
 * certificate is a pair all the same: whether that matters depends on whose it is.
 */
export function readPair(text: string, trust: string, kind: Kind): Pair {
  const [leaf, ...others] = certificatesOf(text);
  if (!leaf) throw new Failure('BAD_CERTIFICATE', 'the file holds no certificate, or one that was cut short');
  const key = keyPart(text);
  let belongs: boolean;
  try {
    belongs = leaf.checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    throw new Failure('BAD_CERTIFICATE', 'the private key cannot be read', { cause });
  }
  if (!belongs) throw new Failure('BAD_CERTIFICATE', 'the private key does not belong to the certificate');
  if (!leadsTo(leaf, others, certificatesOf(trust)))
    throw new Failure('WRONG_CA', 'the certificate does not lead to a trusted root');
  const identity = identityOf(leaf);
  if (identity.kind !== kind)
    throw new Failure(
      'WRONG_ISSUER',
      `the certificate is of ${identity.kind} "${identity.name}", not of ${article(kind)}`,
    );
  return { key, chain: certificatePart(text), identity };
}

function article(kind: Kind): string {
  return kind === 'node' ? 'a node' : `an ${kind}`;
}
