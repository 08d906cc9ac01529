/**
 * Who the other side of a TLS connection is. OpenSSL has verified the chain and its name constraints by then; here the
 * issuer is held against the kind of identity once more, so that one forgotten constraint does not make a node an admin.
 */

import { X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate } from 'node:tls';
import { Failure } from '../proto/failure.ts';
import { type Identity, identityOf } from './identity.ts';
import type { Kind } from './names.ts';

/** The root's common name. */
export const ROOT_AUTHORITY = 'nodectl root';
/** The common name of the intermediate that issues nodes and issuers. The root signs nothing else, so a name stands for a key. */
export const NODES_AUTHORITY = 'nodectl nodes authority';
/** The common name of the intermediate that issues operators. */
export const OPERATORS_AUTHORITY = 'nodectl operators authority';

/** Which authority issues which kind. */
const ISSUER_OF: Record<Kind, string> = {
  node: NODES_AUTHORITY,
  issuer: NODES_AUTHORITY,
  operator: OPERATORS_AUTHORITY,
};

/**
 * The identity of a peer whose chain TLS has verified, from `socket.getPeerCertificate(true)`, or from
 * `getPeerX509Certificate()`, which is cheaper. Throws NO_CERTIFICATE, or WRONG_ISSUER where it may not be believed.
 */
export function peerIdentity(certificate: DetailedPeerCertificate | X509Certificate | undefined): Identity {
  if (!certificate?.raw) throw new Failure('NO_CERTIFICATE', 'the peer showed no certificate');
  const leaf = certificate instanceof X509Certificate ? certificate : new X509Certificate(certificate.raw);
  const identity = identityOf(leaf);
  // The issuer's name in the leaf is signed, and OpenSSL went by it; the other certificates that a peer sends are only claims.
  if (leaf.issuer !== issuerName(identity.kind))
    throw new Failure(
      'WRONG_ISSUER',
      `${identity.uri} was not issued by the authority for that kind of certificate`,
      {
        hint: 'treat whoever holds that authority’s key as taken over until you know better',
      },
    );
  return identity;
}

/** The name of the authority that issues a kind of certificate, in Node's rendering: what names and text there are is escaped. */
export function issuerName(kind: Kind): string {
  return renderedName(ISSUER_OF[kind]);
}

/** The whole name of an authority with a common name, in Node's rendering. */
export function renderedName(commonName: string): string {
  return `O=nodectl\nCN=${commonName}`;
}
