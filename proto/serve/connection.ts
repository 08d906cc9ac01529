/** One caller's connection: the address, and the identity in its certificate, which TLS verified once and calls re-check. */

import type { ServerHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { addressText } from '../address.ts';
import { Failure } from '../failure.ts';
import type { Caller } from './handlers.ts';
import type { Peer, Peers } from './peers.ts';

/** How long a caller who may call no more has to read why. */
const LAST_WORDS_MS = 2_000;

/** One of the connections that a server allows. */
export interface Place {
  /** The address that it counts for. */
  readonly address: string;
  /** Frees it for another connection, and closes this one. */
  drop(cause: string): void;
  /** Frees it for another connection. */
  release(): void;
}

/** An open connection. */
export class Connection {
  readonly session: ServerHttp2Session;
  /** "ADDRESS:PORT" of the caller. */
  readonly peer: string;
  /** Open streams. */
  streams = 0;
  /** Whether there was a call on it. */
  called = false;
  /** When the last stream ended, in milliseconds since the epoch. */
  idleSince: number;
  /** Whether the last ping is still without an answer. */
  unanswered = false;
  /** What it takes of the connections that are allowed; undefined where it was given up before HTTP/2 was spoken. */
  readonly place: Place | undefined;

  readonly #said: Peer;

  constructor(session: ServerHttp2Session, peers: Peers, now: number, place?: Place) {
    this.session = session;
    this.place = place;
    this.idleSince = now;
    const socket = session.socket as TLSSocket;
    this.peer = peerOf(socket);
    this.#said = peers.of(socket);
  }

  /** The caller as its certificate names it. Throws a Failure where the certificate is not one that may call. */
  caller(): Caller {
    if (this.#said.caller instanceof Failure) throw this.#said.caller;
    return this.#said.caller;
  }

  /** Ends the connection soon: its caller may call no more, and has a moment to read why. */
  cutOff(): void {
    setTimeout(() => this.session.destroy(), LAST_WORDS_MS).unref();
  }

  /** Whether the certificate still leads to a root that is trusted now; a root may have been taken out meanwhile. */
  trustedBy(roots: ReadonlySet<string>): boolean {
    return this.#said.root === '' || roots.has(this.#said.root);
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
