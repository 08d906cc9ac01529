/**
 * The connections of a server: bounds on their number, what became of those that were refused, and a slow tick, only while
 * there are any, that closes idle ones and notices callers that went away without a word.
 */

import {
  constants,
  type Http2SecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Connection, type Place, peerOf } from './connection.ts';
import { beneath, refusalOf } from './handshake.ts';
import { explainLibraryAnswers } from './library-answers.ts';
import { type ServeLimits, WINDOW_BYTES } from './limits.ts';
import { BoundedLog, type Log } from './log.ts';
import { Peers } from './peers.ts';
import type { Callers } from './trust.ts';

const TICK_MS = 30_000;
const FIRST_CALL_POLL_MS = 10;
/** The share of connections that those in their handshake can have, in which they do not push each other out. */
const HANDSHAKES = 1 / 4;
/** A flood of refused handshakes must not fill the log: this many lines a minute, then a count. */
const REFUSALS_PER_MINUTE = 40;

/** The open connections of one server. */
export class Connections {
  readonly #limits: ServeLimits;
  readonly #callers: Callers;
  readonly #peers: Peers;
  readonly #refused: BoundedLog;
  readonly #now: () => number;
  /** By the name that grpc-js gives to the other end. */
  readonly #open = new Map<string, Connection>();
  readonly #perAddress = new Map<string, number>();
  /** The places of sockets that have shown no certificate, the oldest first: who is unknown makes room for who comes. */
  readonly #unknown = new Map<Socket, Place>();
  /** Called when the last connection has ended. */
  onEmpty: (() => void) | undefined;
  #sockets = 0;
  #tick: NodeJS.Timeout | undefined;

  constructor(
    limits: ServeLimits,
    callers: Callers,
    roots: () => ReadonlySet<string>,
    log: Log,
    now: () => number,
  ) {
    this.#limits = limits;
    this.#callers = callers;
    this.#peers = new Peers(callers, roots);
    this.#refused = new BoundedLog(log.warn.bind(log), REFUSALS_PER_MINUTE, 60_000, now);
    this.#now = now;
  }

  /** Connections on which HTTP/2 is spoken. */
  get size(): number {
    return this.#open.size;
  }

  /** The open connections. */
  all(): Iterable<Connection> {
    return this.#open.values();
  }

  /** The connection of a call, by what grpc-js calls its peer, or undefined where it has ended meanwhile. */
  of(peer: string): Connection | undefined {
    return this.#open.get(peer);
  }

  /** Keeps the bounds on a listener's sockets, and says why handshakes on it fail. */
  guard(http2: Http2SecureServer): void {
    http2.prependListener('connection', (socket: Socket) => this.#admit(socket));
    http2.prependListener('session', (session: ServerHttp2Session) => this.#add(session));
    http2.prependListener('stream', explainLibraryAnswers);
    http2.on('tlsClientError', (error: Error, socket: TLSSocket) => {
      this.#tell(refusalOf(error, socket), 'handshake refused');
    });
    http2.on('unknownProtocol', (socket: TLSSocket) => {
      const why = { reason: 'NOT_A_CALLER', cause: 'no HTTP/2 over TLS' } as const;
      this.#tell({ peer: peerOf(socket), ...why }, 'handshake refused');
      socket.destroy();
    });
    // Sessions that break tell their own listeners; without one here node:http2 would throw.
    http2.on('sessionError', () => undefined);
  }

  /**
   * Waits until those that have just connected have made their call, at most so many ms. Who connects to a port that another process
   * goes on to serve must not be refused because this one took the connection.
   */
  async firstCalls(limitMs: number): Promise<void> {
    const since = this.#now() - limitMs;
    const until = performance.now() + limitMs;
    const waiting = () =>
      this.#unknown.size > 0 ||
      [...this.#open.values()].some(({ called, idleSince }) => !called && idleSince > since);
    while (waiting() && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, FIRST_CALL_POLL_MS));
  }

  /** Closes every connection, by force after `limitMs`. */
  async close(limitMs: number): Promise<void> {
    const sessions = [...this.#open.values()].map(({ session }) => session);
    const force = setTimeout(() => {
      for (const session of sessions) session.destroy();
    }, limitMs);
    await Promise.all(sessions.map(closed));
    clearTimeout(force);
  }

  /** Logs what became of a connection. A flood of one address and one cause hides no other. */
  #tell(fields: { peer: string; cause: string }, message: string): void {
    const address = fields.peer.slice(0, fields.peer.lastIndexOf(':'));
    this.#refused.write(fields, message, `${address} ${fields.cause}`);
  }

  #add(session: ServerHttp2Session): void {
    session.on('error', () => undefined);
    const { remoteAddress, remotePort } = session.socket ?? {};
    const key = `${remoteAddress}:${remotePort}`;
    // Calls are matched to connections by this name, so a second holder of it must not come in beside the first.
    if (!remoteAddress || this.#open.has(key)) {
      const cause = remoteAddress
        ? 'another connection of this address and port has not ended yet'
        : 'the caller went away';
      this.#tell({ peer: peerOf({ remoteAddress, remotePort }), cause }, 'connection refused');
      session.destroy();
      return;
    }
    const socket = beneath(session.socket as TLSSocket);
    const connection = new Connection(session, this.#peers, this.#now(), this.#unknown.get(socket));
    if (this.#callers === 'certificates') this.#unknown.delete(socket);
    this.#open.set(key, connection);
    session.setLocalWindowSize(WINDOW_BYTES);
    session.on('stream', (stream) => this.#opened(connection, stream));
    session.once('close', () => {
      this.#open.delete(key);
      if (this.#open.size > 0) return;
      clearInterval(this.#tick);
      this.#tick = undefined;
      this.onEmpty?.();
    });
    this.#tick ??= setInterval(() => this.#sweep(), TICK_MS).unref();
  }

  /** Counts a stream, and ends it when its request does not arrive in time. */
  #opened(connection: Connection, stream: ServerHttp2Stream): void {
    connection.streams++;
    connection.called = true;
    const late = setTimeout(() => {
      if (!stream.headersSent) stream.close(constants.NGHTTP2_CANCEL);
    }, this.#limits.requestMs).unref();
    stream.once('end', () => clearTimeout(late));
    stream.once('close', () => {
      clearTimeout(late);
      connection.streams--;
      connection.idleSince = this.#now();
    });
  }

  /**
   * Counts a socket. Where there are too many, the oldest goes of which nobody knows who it is; where these are few, the one without
   * a call for the longest; and where all are known and have calls, the new one. Whoever fills the port with connections that show no
   * certificate, or do nothing, keeps out neither who comes to call nor the agent's own watchdog.
   */
  #admit(socket: Socket): void {
    const address = socket.remoteAddress ?? 'unknown';
    if ((this.#perAddress.get(address) ?? 0) >= this.#limits.connectionsPerAddress)
      this.#makeRoom('too many of this address', address);
    else if (this.#sockets >= this.#limits.connections) this.#makeRoom('too many');
    const ofAddress = this.#perAddress.get(address) ?? 0;
    const crowded = ofAddress >= this.#limits.connectionsPerAddress;
    const drop = (cause: string) => {
      this.#tell({ peer: peerOf(socket), cause }, 'connection refused');
      socket.destroy();
    };
    if (crowded || this.#sockets >= this.#limits.connections) {
      drop(crowded ? 'too many of this address' : 'too many');
      return;
    }
    socket.setNoDelay(true);
    this.#sockets++;
    this.#perAddress.set(address, ofAddress + 1);
    let counted = true;
    const release = () => {
      if (!counted) return;
      counted = false;
      this.#unknown.delete(socket);
      this.#sockets--;
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(address, left);
      else this.#perAddress.delete(address);
    };
    socket.once('close', release);
    this.#unknown.set(socket, {
      ...{ address, release },
      drop: (cause) => {
        release();
        drop(cause);
      },
    });
  }

  #makeRoom(cause: string, address?: string): void {
    const { connections, connectionsPerAddress } = this.#limits;
    const counted = (place: Place | undefined) => !address || place?.address === address;
    const unknown = [...this.#unknown.values()].filter(counted);
    const idle = this.#longestIdle(counted);
    const few = unknown.length < (address ? connectionsPerAddress : connections) * HANDSHAKES;
    if (idle && (few || unknown.length === 0)) {
      this.#tell({ peer: idle.peer, cause }, 'an idle connection makes room for another');
      // Its caller is told by a GOAWAY, and connects again when it has something to call.
      idle.session.destroy();
      idle.place?.release();
    } else unknown[0]?.drop(cause);
  }

  /** The connection that has been without a call for the longest, of those that count. */
  #longestIdle(counted: (place: Place | undefined) => boolean): Connection | undefined {
    let longest: Connection | undefined;
    for (const one of this.#open.values())
      if (one.streams === 0 && !one.session.destroyed && counted(one.place))
        if (!longest || one.idleSince < longest.idleSince) longest = one;
    return longest;
  }

  #sweep(): void {
    const now = this.#now();
    for (const connection of this.#open.values()) {
      const { session } = connection;
      if (session.destroyed) continue;
      if (connection.unanswered) {
        session.destroy();
      } else if (connection.streams === 0) {
        if (now - connection.idleSince >= this.#limits.idleMs) session.close();
      } else {
        connection.unanswered = true;
        session.ping(() => {
          connection.unanswered = false;
        });
      }
    }
  }
}

function closed(session: ServerHttp2Session): Promise<void> {
  return new Promise((resolve) => {
    if (session.destroyed) return resolve();
    session.once('close', () => resolve());
    session.close();
  });
}
