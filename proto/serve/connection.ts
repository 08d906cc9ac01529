/** One caller's connection: the address, and the identity in its certificate, which TLS verified once and calls re-check. */

import type { ServerHttp2Session } from 'node:http2';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { peerIdentity } from '../../pki/peer.ts';
import { addressText } from '../address.ts';
import { Failure } from '../failure.ts';
import { ANYONE, type Caller } from './handlers.ts';
import { type Callers, rootOf } from './trust.ts';

/** How long a caller who may call no more has to read why. */
const LAST_WORDS_MS = 2_000;

/** An open connection. */
export class Connection {
  readonly session: ServerHttp2Session;
  /** "ADDRESS:PORT" of the caller. */
  readonly peer: string;
  /** Open streams. */
  streams = 0;
  /** When the last stream ended, in milliseconds since the epoch. */
  idleSince: number;
  /** Whether the last ping is still without an answer. */
  unanswered = false;

  /** Fingerprint of the root that the certificate led to when the connection was made. */
  readonly #root: string;
  readonly #caller: Caller | Failure;

  constructor(session: ServerHttp2Session, callers: Callers, now: number) {
    this.session = session;
    this.idleSince = now;
    const socket = session.socket as TLSSocket;
    this.peer = peerOf(socket);
    const certificate = callers === 'certificates' ? socket.getPeerCertificate(true) : undefined;
    this.#root = certificate ? rootOf(certificate) : '';
    this.#caller = certificate ? readCaller(socket, certificate) : ANYONE;
  }

  /** The caller as its certificate names it. Throws a Failure where the certificate is not one that may call. */
  caller(): Caller {
    if (this.#caller instanceof Failure) throw this.#caller;
    return this.#caller;
  }

  /** Ends the connection soon: its caller may call no more, and has a moment to read why. */
  cutOff(): void {
    setTimeout(() => this.session.destroy(), LAST_WORDS_MS).unref();
  }

  /** Whether the certificate still leads to a root that is trusted now; a root may have been taken out meanwhile. */
  trustedBy(roots: ReadonlySet<string>): boolean {
    return this.#root === '' || roots.has(this.#root);
  }
}

function readCaller(socket: TLSSocket, certificate: DetailedPeerCertificate): Caller | Failure {
  // TLS refuses such connections before HTTP/2 begins; this is the second lock on the same door.
  if (!socket.authorized || !certificate.raw)
    return new Failure('NO_CERTIFICATE', 'the connection was made without a valid certificate');
  try {
    return peerIdentity(certificate);
  } catch (error) {
    return Failure.from(error);
  }
}

/** "ADDRESS:PORT" of a socket's other end, IPv4 in its own form and IPv6 in brackets. */
export function peerOf(socket: {
  remoteAddress?: string | undefined;
  remotePort?: number | undefined;
}): string {
  const host = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
  return addressText({ host, port: socket.remotePort ?? 0 });
}
