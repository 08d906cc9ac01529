/**
 * The port for Prometheus, where the configuration wants one: HTTPS with TLS 1.3 and the node's certificate, GET /metrics and
 * nothing else. Who may read is decided as for any other call: an operator's certificate with the role reader or more, which is
 * asked for at every request whether it is still in force. Where a token is configured, whoever brings it may read too
 * ("Authorization: Bearer …", RFC 6750); only where the configuration says allowAnonymous, may anybody.
 */

import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Failure } from '../../proto/failure.ts';
import type { Caller } from '../../proto/serve/handlers.ts';
import { beneath, refusalOf, refusedPeer } from '../../proto/serve/handshake.ts';
import { checkCaller } from '../../proto/serve/identity.ts';
import { BoundedLog, type Log } from '../../proto/serve/log.ts';
import { Peers } from '../../proto/serve/peers.ts';
import { allows } from '../../proto/serve/permission.ts';
import {
  checkMaterial,
  rootFingerprints,
  type ServerMaterial,
  secureContext,
} from '../../proto/serve/trust.ts';
import { CONTENT_TYPES, type Exposition } from './exposition.ts';

/** What the port is opened with. */
export interface MetricsServerOptions {
  readonly material: ServerMaterial;
  readonly denied: (caller: Caller) => string | undefined;
  /** The metrics as text. */
  readonly text: (format: Exposition) => Promise<string>;
  /** A file with a token that lets whoever brings it read. */
  readonly tokenFile?: string;
  /** Whether anybody may read. */
  readonly allowAnonymous?: boolean;
  readonly log: Log;
}

/** More Prometheus servers than these do not watch one node; each keeps its connection. */
const MAX_CONNECTIONS = 32;
/** So that one address, however many connections it opens and holds, leaves room for the others: a few servers behind one of them. */
const MAX_PER_ADDRESS = 16;
/** Requests that are answered at a time; all of them share one gathering. */
const MAX_REQUESTS = 8;
const HANDSHAKE_MS = 5_000;
const REQUEST_MS = 5_000;
/** Longer than the usual intervals of 15 and 60 s, so that a handshake is not made for each scrape. */
const KEEP_ALIVE_MS = 75_000;
/** A reader that takes nothing for so long has gone. */
const STALLED_MS = 30_000;
const MAX_HEADER_BYTES = 8_192;
/** Fewer characters can be guessed over a network in time. */
const MIN_TOKEN = 16;
/** A flood of refused connections must not fill the log: this many lines a minute, then a count. */
const REFUSALS_PER_MINUTE = 20;
const READ = { permission: 'read', mutates: false } as const;

/** Serves the metrics to Prometheus. */
export class MetricsServer {
  readonly #options: MetricsServerOptions;
  readonly #server: Server;
  readonly #peers: Peers;
  readonly #refused: BoundedLog;
  /** Open sockets of each address, the oldest first. */
  readonly #sockets = new Map<string, Set<Socket>>();
  /** Sockets whose owner has been answered. */
  readonly #served = new WeakSet<object>();
  #roots: ReadonlySet<string>;
  #token: { digest: Buffer; changed: number } | undefined;
  #busy = 0;

  /** Throws BAD_CERTIFICATE, WRONG_CA, or BAD_CONFIG where the token cannot be used. */
  constructor(options: MetricsServerOptions) {
    const { material, tokenFile, allowAnonymous = false } = options;
    checkMaterial(material);
    this.#options = options;
    this.#refused = new BoundedLog(options.log.info.bind(options.log), REFUSALS_PER_MINUTE, 60_000, Date.now);
    this.#roots = rootFingerprints(material.trust);
    this.#peers = new Peers('certificates', () => this.#roots);
    if (tokenFile !== undefined) this.#token = readToken(tokenFile);
    this.#server = createServer(
      {
        ...secureContext(material, 'certificates'),
        requestCert: true,
        // Where there is another way in than by certificate, who has none is judged by his request.
        rejectUnauthorized: tokenFile === undefined && !allowAnonymous,
        handshakeTimeout: HANDSHAKE_MS,
        headersTimeout: REQUEST_MS,
        requestTimeout: REQUEST_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
        maxHeaderSize: MAX_HEADER_BYTES,
        connectionsCheckingInterval: REQUEST_MS,
        ALPNProtocols: ['http/1.1'],
      },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.prependListener('connection', (socket: Socket) => this.#admit(socket));
    this.#server.timeout = STALLED_MS + KEEP_ALIVE_MS;
    this.#server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
      const refused = refusalOf(error, socket);
      this.#refused.write(refused, 'a connection for metrics was refused', refused.cause);
    });
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  /** Listens, and gives the port. @throws the system's error */
  listen(place: { host: string; port: number } | { fd: number }): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ ...place, exclusive: true }, () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes new key, certificate and roots into use. Throws, and changes nothing, where they do not hold. */
  reload(material: ServerMaterial): void {
    checkMaterial(material);
    this.#server.setSecureContext(secureContext(material, 'certificates'));
    this.#roots = rootFingerprints(material.trust);
  }

  /** Stops; connections are cut. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /**
   * Keeps the bound on connections of one address. The oldest goes of which nothing came that was answered, so that whoever opens
   * connections and says nothing on them, or says it slowly, keeps no Prometheus of the same address out; else the new one.
   */
  #admit(socket: Socket): void {
    const address = socket.remoteAddress ?? 'unknown';
    const open = this.#sockets.get(address) ?? new Set<Socket>();
    this.#sockets.set(address, open);
    if (open.size >= MAX_PER_ADDRESS) {
      const idle = [...open].find((one) => !this.#served.has(one));
      const refused = idle ?? socket;
      const cause = 'too many of this address';
      this.#refused.write({ peer: address, cause }, 'a connection for metrics was refused');
      refused.destroy();
      open.delete(refused);
      if (refused === socket) return;
    }
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      if (open.size === 0 && this.#sockets.get(address) === open) this.#sockets.delete(address);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    request.resume();
    const end = (status: number, text: string, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, {
          'Content-Type': CONTENT_TYPES.prometheus,
          'Cache-Control': 'no-store',
          ...headers,
        })
        .end(method === 'HEAD' ? '' : text);
    if (url.split('?', 1)[0] !== '/metrics') return void end(404, 'there is only /metrics here\n');
    if (method !== 'GET' && method !== 'HEAD') return void end(405, 'only GET\n', { Allow: 'GET, HEAD' });
    const refused = this.#refusal(request);
    if (refused) {
      const { peer, reason, message } = refused;
      this.#options.log.info({ peer, reason, why: message }, 'a request for metrics was refused');
      return void end(reason === 'PERMISSION_DENIED' ? 403 : 401, `${message} [${reason}]\n`, {
        'WWW-Authenticate': 'Bearer',
      });
    }
    if (this.#busy >= MAX_REQUESTS) return void end(503, 'busy\n', { 'Retry-After': '1' });
    this.#busy++;
    try {
      const format = request.headers.accept?.includes('application/openmetrics-text')
        ? 'openmetrics'
        : 'prometheus';
      const text = await this.#options.text(format);
      this.#served.add(beneath(request.socket as TLSSocket));
      end(200, text, { 'Content-Type': CONTENT_TYPES[format] });
    } catch (error) {
      this.#options.log.error({ err: error }, 'metrics could not be gathered');
      end(500, 'metrics could not be gathered\n');
    } finally {
      this.#busy--;
    }
  }

  /** Why a request is not answered, or undefined. */
  #refusal(request: IncomingMessage): { peer: string; reason: string; message: string } | undefined {
    const { allowAnonymous, denied } = this.#options;
    if (allowAnonymous || this.#bringsToken(request.headers.authorization)) return undefined;
    const socket = request.socket as TLSSocket;
    const { caller, root } = this.#peers.of(socket);
    try {
      if (caller instanceof Failure) throw caller;
      checkCaller(caller, this.#roots.has(root), { roots: () => this.#roots, denied, now: Date.now });
      if (!allows(READ, caller))
        throw new Failure('PERMISSION_DENIED', `${caller.uri} may not read metrics: it is no operator`);
      return undefined;
    } catch (error) {
      const { reason, message } = Failure.from(error);
      return { peer: refusedPeer(socket), reason, message };
    }
  }

  #bringsToken(header: string | undefined): boolean {
    const { tokenFile } = this.#options;
    if (tokenFile === undefined || !this.#token) return false;
    const given = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
    if (given === undefined) return false;
    try {
      if (changeOf(tokenFile) !== this.#token.changed) this.#token = readToken(tokenFile);
    } catch (error) {
      this.#options.log.error(
        { err: error },
        'the token for metrics cannot be read again; the old one holds',
      );
    }
    return timingSafeEqual(digestOf(given), this.#token.digest);
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function changeOf(file: string): number {
  return statSync(file).mtimeMs;
}

/** The digest of the token in a file. Throws BAD_CONFIG. */
function readToken(file: string): { digest: Buffer; changed: number } {
  try {
    const changed = changeOf(file);
    const token = readFileSync(file, 'utf8').trim();
    if (token.length < MIN_TOKEN || /\s/.test(token))
      throw new Error(`it holds no single word of at least ${MIN_TOKEN} characters`);
    return { digest: digestOf(token), changed };
  } catch (cause) {
    throw new Failure('BAD_CONFIG', `${file} is no token for metrics: ${(cause as Error).message}`, {
      hint: 'make one: openssl rand -hex 32',
      cause,
    });
  }
}
