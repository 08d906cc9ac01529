/**
 * What callers' certificates say, kept for those that were seen last. TLS verifies every connection's chain; but to read it
 * afterwards, root and all, takes a quarter of a connection's work, and a command makes a connection each time it runs.
 */

import type { TLSSocket } from 'node:tls';
import { peerIdentity } from '../../pki/peer.ts';
import { Failure } from '../failure.ts';
import { ANYONE, type Caller } from './handlers.ts';
import { accepted } from './handshake.ts';
import { type Callers, rootOf } from './trust.ts';

/** What a connection's certificate says. */
export interface Peer {
  /** The caller, or why the certificate is not one that may call. */
  readonly caller: Caller | Failure;
  /** Fingerprint of the root that its chain leads to, or empty where callers show no certificate. */
  readonly root: string;
}

/** One entry is less than a kilobyte; more operators than this do not work at once. */
const KEPT = 256;

const NOBODY: Peer = { caller: ANYONE, root: '' };

/** Reads the certificates of verified connections. */
export class Peers {
  readonly #callers: Callers;
  readonly #roots: () => ReadonlySet<string>;
  /** By the leaf's SHA-256, in the order in which they were read. */
  readonly #known = new Map<string, Peer>();

  /** @param roots fingerprints of the roots that are trusted now */
  constructor(callers: Callers, roots: () => ReadonlySet<string>) {
    this.#callers = callers;
    this.#roots = roots;
  }

  /** Who is at the other end of a connection whose handshake is done. */
  of(socket: TLSSocket): Peer {
    if (this.#callers !== 'certificates') return NOBODY;
    const leaf = accepted(socket);
    // TLS refuses such connections before HTTP/2 begins; this is the second lock on the same door.
    if (!socket.authorized || !leaf)
      return {
        caller: new Failure('NO_CERTIFICATE', 'the connection was made without a valid certificate'),
        root: '',
      };
    const known = this.#known.get(leaf.fingerprint256);
    // With other roots than when it was read, a leaf may lead to another one.
    if (known && this.#roots().has(known.root)) return known;
    const peer = { caller: callerOf(leaf), root: rootOf(socket.getPeerCertificate(true)) };
    const [oldest] = this.#known.keys();
    if (this.#known.size >= KEPT && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(leaf.fingerprint256, peer);
    return peer;
  }
}

function callerOf(leaf: Parameters<typeof peerIdentity>[0]): Caller | Failure {
  try {
    return peerIdentity(leaf);
  } catch (error) {
    return Failure.from(error);
  }
}
