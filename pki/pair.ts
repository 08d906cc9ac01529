/** A key with its certificates, held against itself and against the roots before it is used. */

import { Failure } from '../proto/failure.ts';
import { leadsTo } from './chain.ts';
import { type Identity, identityOf } from './identity.ts';
import { keyFits } from './key-fits.ts';
import type { Kind } from './names.ts';
import { certificatesOf, privateKeyOf } from './pem.ts';
import { certificatePart, keyPart } from './pem-text.ts';

/** A usable key and certificate. */
export interface Pair {
  /** The private key in PEM. */
  key: string;
  /** Leaf and intermediate in PEM, leaf first. */
  chain: string;
  identity: Identity;
}

/**
 * The pair in a PEM text of key, leaf and intermediate. Throws BAD_CERTIFICATE where a part is missing, damaged or not of
 * the others, WRONG_CA where the chain does not lead to the roots, WRONG_ISSUER where it is of another kind. An expired
 * certificate is a pair all the same: whether that matters depends on whose it is.
 */
export function readPair(text: string, trust: string, kind: Kind): Pair {
  const [leaf, ...others] = certificatesOf(text);
  if (!leaf) throw new Failure('BAD_CERTIFICATE', 'the file holds no certificate, or one that was cut short');
  if (!keyFits(leaf, privateKeyOf(text)))
    throw new Failure('BAD_CERTIFICATE', 'the private key does not belong to the certificate');
  if (!leadsTo(leaf, others, certificatesOf(trust)))
    throw new Failure('WRONG_CA', 'the certificate does not lead to a trusted root');
  const identity = identityOf(leaf);
  if (identity.kind !== kind)
    throw new Failure(
      'WRONG_ISSUER',
      `the certificate is of ${identity.kind} "${identity.name}", not of ${article(kind)}`,
    );
  return { key: keyPart(text), chain: certificatePart(text), identity };
}

function article(kind: Kind): string {
  return kind === 'node' ? 'a node' : `an ${kind}`;
}
