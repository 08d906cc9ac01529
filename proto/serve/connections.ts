/**
 * The connections of a server: bounds on their number, what became of those that were refused, and a slow tick, only while
 * there are any, that closes idle ones and notices callers that went away without a word.
 */

import type { Http2SecureServer, ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Connection, peerOf } from './connection.ts';
import { refusalOf } from './handshake.ts';
import type { ServeLimits } from './limits.ts';
import { BoundedLog, type Log } from './log.ts';
import type { Identify } from './trust.ts';

const TICK_MS = 30_000;
/** A flood of refused handshakes must not fill the log: this many lines a minute, then a count. */
const REFUSALS_PER_MINUTE = 20;

/** The open connections of one server. */
export class Connections {
  readonly #limits: ServeLimits;
  readonly #identify: Identify | undefined;
  readonly #refused: BoundedLog;
  readonly #now: () => number;
  readonly #open = new Set<Connection>();
  readonly #perAddress = new Map<string, number>();
  #sockets = 0;
  #tick: NodeJS.Timeout | undefined;

  constructor(limits: ServeLimits, identify: Identify | undefined, log: Log, now: () => number) {
    this.#limits = limits;
    this.#identify = identify;
    this.#refused = new BoundedLog(log.warn.bind(log), REFUSALS_PER_MINUTE, 60_000, now);
    this.#now = now;
  }

  /** Connections on which HTTP/2 is spoken. */
  get size(): number {
    return this.#open.size;
  }

  /** Keeps the bounds on a listener's sockets and says why handshakes on it fail. */
  guard(http2: Http2SecureServer): void {
    http2.prependListener('connection', (socket: Socket) => this.#admit(socket));
    http2.on('tlsClientError', (error: Error, socket: TLSSocket) => {
      this.#refused.write({ peer: peerOf(socket), ...refusalOf(error, socket) }, 'handshake refused');
    });
    http2.on('unknownProtocol', (socket: TLSSocket) => {
      this.#refused.write({ peer: peerOf(socket), cause: 'no HTTP/2 over TLS' }, 'handshake refused');
      socket.destroy();
    });
    http2.on('sessionError', () => undefined);
  }

  /** Takes note of a connection that has come through TLS. */
  add(session: ServerHttp2Session): Connection {
    const connection = new Connection(session, this.#identify, this.#now());
    this.#open.add(connection);
    session.on('error', () => undefined);
    session.once('close', () => {
      this.#open.delete(connection);
      if (this.#open.size > 0) return;
      clearInterval(this.#tick);
      this.#tick = undefined;
    });
    this.#tick ??= setInterval(() => this.#sweep(), TICK_MS).unref();
    return connection;
  }

  /** Closes every connection, by force after `limitMs`. */
  async close(limitMs: number): Promise<void> {
    const all = [...this.#open];
    const force = setTimeout(() => {
      for (const { session } of all) session.destroy();
    }, limitMs);
    await Promise.all(
      all.map(
        ({ session }) =>
          new Promise<void>((resolve) => {
            if (session.destroyed) return resolve();
            session.once('close', () => resolve());
            session.close();
          }),
      ),
    );
    clearTimeout(force);
  }

  /** Counts a socket, or drops it where there are too many. */
  #admit(socket: Socket): void {
    const address = socket.remoteAddress ?? 'unknown';
    const ofAddress = this.#perAddress.get(address) ?? 0;
    if (this.#sockets >= this.#limits.connections || ofAddress >= this.#limits.connectionsPerAddress) {
      const cause = ofAddress >= this.#limits.connectionsPerAddress ? 'too many of this address' : 'too many';
      this.#refused.write({ peer: peerOf(socket), cause }, 'connection refused');
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    this.#sockets++;
    this.#perAddress.set(address, ofAddress + 1);
    socket.once('close', () => {
      this.#sockets--;
      const left = (this.#perAddress.get(address) ?? 1) - 1;
      if (left > 0) this.#perAddress.set(address, left);
      else this.#perAddress.delete(address);
    });
  }

  #sweep(): void {
    const now = this.#now();
    for (const connection of this.#open) {
      const { session } = connection;
      if (session.destroyed) continue;
      if (connection.calls === 0) {
        if (now - connection.idleSince >= this.#limits.idleMs) session.close();
      } else if (connection.unanswered) {
        session.destroy();
      } else {
        connection.unanswered = true;
        session.ping(() => {
          connection.unanswered = false;
        });
      }
    }
  }
}
