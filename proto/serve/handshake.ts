/** Why a TLS handshake was refused, for the log. */

import type { X509Certificate } from 'node:crypto';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Reason } from '../reasons.ts';
import { peerOf } from './connection.ts';

type Refusal = readonly [reason: Reason, cause: string];

const OTHER_AUTHORITY: Refusal = ['WRONG_CA', 'the certificate is of another authority'];

/** OpenSSL's verdicts on a caller's chain, by Node's names for them. */
const VERDICTS: Readonly<Record<string, Refusal>> = {
  CERT_HAS_EXPIRED: ['CERTIFICATE_EXPIRED', 'the certificate has expired'],
  CERT_NOT_YET_VALID: [
    'CERTIFICATE_NOT_YET_VALID',
    'the certificate is not valid yet: is one of the clocks wrong?',
  ],
  UNABLE_TO_GET_ISSUER_CERT: OTHER_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: OTHER_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: OTHER_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: OTHER_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: ['WRONG_CA', 'the certificate is signed by itself'],
  // Node has no name of its own for violated name constraints, which is what this is with authorities like ours.
  UNSPECIFIED: ['WRONG_ISSUER', 'the certificate’s issuer may not issue such names, or breaks another rule'],
  INVALID_PURPOSE: ['WRONG_ISSUER', 'the certificate is not for clients'],
};

/** What OpenSSL says of bytes that are no TLS handshake of ours, by the end of Node's error codes. */
const ERRORS: readonly (readonly [RegExp, ...Refusal])[] = [
  [/PEER_DID_NOT_RETURN_A_CERTIFICATE$/, 'NO_CERTIFICATE', 'no certificate was shown'],
  [/HTTP_REQUEST$/, 'NOT_A_CALLER', 'plain HTTP'],
  [/WRONG_VERSION_NUMBER$|UNSUPPORTED_PROTOCOL$|NO_PROTOCOLS_AVAILABLE$/, 'NOT_A_CALLER', 'no TLS 1.3'],
  [/NO_APPLICATION_PROTOCOL$/, 'NOT_A_CALLER', 'no HTTP/2 over TLS'],
  [/EXCESSIVE_MESSAGE_SIZE$/, 'BAD_CERTIFICATE', 'the certificate chain is too long'],
  [/HANDSHAKE_TIMEOUT$/, 'CONNECT_TIMEOUT', 'the handshake took too long'],
  [
    /ALERT_UNKNOWN_CA$|ALERT_BAD_CERTIFICATE$|ALERT_CERTIFICATE_\w+$/,
    'CERTIFICATE_REFUSED',
    'the caller does not accept this server’s certificate',
  ],
  [/^ECONNRESET$|^EPIPE$/, 'CONNECTION_LOST', 'the caller went away'],
  [/^ERR_SSL_/, 'NOT_A_CALLER', 'no TLS'],
];

/** What is logged of a refused handshake. */
export interface Refused {
  readonly peer: string;
  readonly reason: Reason;
  /** The same in words. */
  readonly cause: string;
  /** Node's name for it. */
  readonly code?: string;
  /** What the caller's certificate says, if it came so far. */
  readonly certificate?: Shown;
}

/** What a certificate says, as it says it: nobody has vouched for it. */
interface Shown {
  readonly names: string;
  readonly issuer: string;
  readonly serial: string;
  /** When it begins and ends, ISO 8601. */
  readonly from: string;
  readonly to: string;
}

/** A handshake that OpenSSL or Node refused. */
export function refusalOf(error: Error, socket: TLSSocket): Refused {
  const peer = refusedPeer(socket);
  const verdict = String(socket.authorizationError ?? '');
  if (verdict) {
    const [reason, cause] = VERDICTS[verdict] ?? ['CERTIFICATE_REFUSED', 'the certificate does not verify'];
    const leaf = shown.get(beneath(socket));
    return { peer, reason, cause, code: verdict, ...(leaf ? { certificate: said(leaf) } : {}) };
  }
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const [, reason, cause] = ERRORS.find(([pattern]) => pattern.test(code)) ?? [];
  return { peer, reason: reason ?? 'NOT_A_CALLER', cause: cause ?? error.message.slice(0, 200), code };
}

/** No name of ours is longer; whoever made a certificate may have put anything into it. */
const MAX_TEXT = 200;

function said(leaf: X509Certificate): Shown {
  const date = (text: string) => new Date(text).toISOString();
  const text = (value: string) => value.slice(0, MAX_TEXT).replaceAll('\n', ', ');
  return {
    names: text(leaf.subjectAltName ?? leaf.subject),
    ...{ issuer: text(leaf.issuer), serial: text(leaf.serialNumber) },
    ...{ from: date(leaf.validFrom), to: date(leaf.validTo) },
  };
}

/**
 * What callers have shown whose handshake is not over, by the sockets beneath: Node forgets it when it refuses them, before it tells that
 * it did.
 */
const shown = new WeakMap<Socket, X509Certificate>();

/**
 * Chooses HTTP/2 where a caller offers it, as node:http2 would do by itself, and keeps what certificate it shows then until
 * `accepted` is told. It is the one option that Node calls with the connection, before it judges the certificate; that it does is
 * its habit and no promise, so nothing but the log relies on it.
 */
export function chooseHttp2(this: unknown, { protocols }: { protocols: string[] }): string | undefined {
  if (this instanceof TLSSocket)
    this.prependOnceListener('secure', () => {
      const leaf = this.getPeerX509Certificate();
      if (leaf) shown.set(beneath(this), leaf);
    });
  return protocols.includes('h2') ? 'h2' : undefined;
}

/**
 * What a caller has shown that was let in. It is kept no longer here, but for whoever reads it next: Node makes the certificate anew each
 * time that it is asked for, which takes as long as verifying it.
 */
export function accepted(socket: TLSSocket): X509Certificate | undefined {
  const raw = beneath(socket);
  const leaf = shown.get(raw) ?? socket.getPeerX509Certificate();
  shown.delete(raw);
  return leaf;
}

/** The other end of a TLS socket that is destroyed already: the socket beneath it still knows. */
export function refusedPeer(socket: TLSSocket): string {
  return peerOf(socket.remoteAddress ? socket : beneath(socket));
}

/** The socket that a TLS socket was made over; the TLS socket itself where Node does not tell. */
export function beneath(socket: TLSSocket): Socket {
  const parent: unknown = Reflect.get(socket, '_parent');
  return parent instanceof Socket ? parent : socket;
}
