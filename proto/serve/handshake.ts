/** Why a TLS handshake was refused, in words for the log. */

import { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { peerOf } from './connection.ts';

/** OpenSSL's verdicts on a caller's chain, by Node's names for them. */
const VERDICTS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet: is one of the clocks wrong?',
  UNABLE_TO_GET_ISSUER_CERT: 'the certificate is of another authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate is of another authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is of another authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is of another authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by itself',
  // Node has no name of its own for violated name constraints, which is what this is with authorities like ours.
  UNSPECIFIED: 'the certificate’s issuer may not issue such names, or breaks another rule',
  INVALID_PURPOSE: 'the certificate is not for clients',
};

/** What OpenSSL says of bytes that are no TLS handshake of ours, by the end of Node's error codes. */
const ERRORS: readonly (readonly [RegExp, string])[] = [
  [/PEER_DID_NOT_RETURN_A_CERTIFICATE$/, 'no certificate was shown'],
  [/HTTP_REQUEST$/, 'plain HTTP'],
  [/WRONG_VERSION_NUMBER$|UNSUPPORTED_PROTOCOL$|NO_PROTOCOLS_AVAILABLE$/, 'no TLS 1.3'],
  [/NO_APPLICATION_PROTOCOL$/, 'no HTTP/2 over TLS'],
  [/EXCESSIVE_MESSAGE_SIZE$/, 'the certificate chain is too long'],
  [/HANDSHAKE_TIMEOUT$/, 'the handshake took too long'],
  [
    /ALERT_UNKNOWN_CA$|ALERT_BAD_CERTIFICATE$|ALERT_CERTIFICATE_\w+$/,
    'the caller does not accept this server’s certificate',
  ],
  [/^ECONNRESET$|^EPIPE$/, 'the caller went away'],
  [/^ERR_SSL_/, 'no TLS'],
];

/** The cause of a refused handshake in words, and the code that it comes from. */
export function refusalOf(error: Error, socket: TLSSocket): { cause: string; code: string } {
  const verdict = String(socket.authorizationError ?? '');
  if (verdict) return { cause: VERDICTS[verdict] ?? 'the certificate does not verify', code: verdict };
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  return { cause: ERRORS.find(([pattern]) => pattern.test(code))?.[1] ?? error.message.slice(0, 200), code };
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
