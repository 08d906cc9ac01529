/**
 * Who the other side of a TLS connection is. OpenSSL has verified the chain and its name constraints by then; here the
 * issuer is held against the kind of identity once more, so that one forgotten constraint does not make a node an admin.
 */

import type { DetailedPeerCertificate } from 'node:tls';
import { Failure } from '../proto/failure.ts';
import { type Identity, identityOf } from './identity.ts';
import type { Kind } from './names.ts';

/** Common names of the two intermediates. The root signs nothing else, so a name stands for a key. */
export const NODES_AUTHORITY = 'nodectl nodes authority';
export const OPERATORS_AUTHORITY = 'nodectl operators authority';

/** Which authority issues which kind. */
const ISSUER_OF: Record<Kind, string> = {
  node: NODES_AUTHORITY,
  issuer: NODES_AUTHORITY,
  operator: OPERATORS_AUTHORITY,
};

/** The identity of a peer, from `socket.getPeerCertificate(true)`. Throws WRONG_ISSUER where it may not be believed. */
export function peerIdentity(certificate: DetailedPeerCertificate): Identity {
  if (!certificate?.raw) throw new Failure('NO_CERTIFICATE', 'the peer showed no certificate');
  const identity = identityOf(certificate.raw);
  const issuer = certificate.issuerCertificate;
  if (!issuer || issuer === certificate || issuer.subject?.CN !== ISSUER_OF[identity.kind])
    throw new Failure(
      'WRONG_ISSUER',
      `${identity.uri} was not issued by the authority for that kind of certificate`,
      {
        hint: 'treat whoever holds that authority’s key as taken over until you know better',
      },
    );
  return identity;
}
