/**
 * A gRPC server over node:http2 and mutual TLS 1.3. gRPC on the wire is an HTTP/2 POST whose trailers carry the status; that
 * little is written out here because a server gains by it: it idles in less memory, tells each refused handshake's cause,
 * bounds its connections, and gives every failure its reason, also those that a library answers by itself.
 */

import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { ListenOptions } from 'node:net';
import { contractMethod, serviceMethods } from '../contract.ts';
import { Failure } from '../failure.ts';
import { type AuditSink, auditInterceptor } from './audit.ts';
import type { Route } from './call.ts';
import { Connections } from './connections.ts';
import { deadlineInterceptor } from './deadline.ts';
import { errorsInterceptor } from './errors.ts';
import type { AnyHandler, Caller, Service } from './handlers.ts';
import { identityInterceptor } from './identity.ts';
import { joined } from './interceptor.ts';
import { DEFAULT_LIMITS, type ServeLimits, WINDOW_BYTES } from './limits.ts';
import type { Log } from './log.ts';
import { OpenCalls } from './open-calls.ts';
import { permissionInterceptor } from './permission.ts';
import { type MethodPolicy, policyOf } from './policy.ts';
import { draining, respond } from './respond.ts';
import { runCall } from './run-call.ts';
import {
  checkMaterial,
  type Identify,
  rootFingerprints,
  type ServerMaterial,
  secureContext,
  serverOptions,
} from './trust.ts';

/** What a server is made of. */
export interface ServeOptions {
  readonly material: ServerMaterial;
  readonly services: readonly Service[];
  /** Reads callers' identities; undefined makes a port for callers without certificates. */
  readonly identify?: Identify;
  /** Why a caller is denied, or undefined where it is not. */
  readonly denied?: (caller: Caller) => string | undefined;
  readonly audit?: AuditSink;
  readonly log: Log;
  /** The name of the node that serves, if it is one: its own watchdog may ask for its health. */
  readonly self?: string;
  readonly limits?: Partial<ServeLimits>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** In place of the contract's table of permissions; for tests. */
  readonly policy?: Readonly<Record<string, MethodPolicy>>;
}

/** How long a drain waits for open calls before it ends them, in milliseconds. */
const DRAIN_MS = 10_000;
/** How long a session may take to close after its last call, in milliseconds. */
const CLOSE_MS = 1_000;

/** A server on any number of ports, which are all stopped together. */
export class Server {
  /** The calls that are open now. */
  readonly calls: OpenCalls;
  readonly #options: ServeOptions;
  readonly #limits: ServeLimits;
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #connections: Connections;
  readonly #run: ReturnType<typeof joined>;
  readonly #listeners: Http2SecureServer[] = [];
  readonly #now: () => number;
  #material: ServerMaterial;
  #roots: ReadonlySet<string>;
  #draining = false;

  /** Throws where the material is not usable, or a method has no permission or no handler. */
  constructor(options: ServeOptions) {
    const now = options.now ?? Date.now;
    checkMaterial(options.material, now());
    this.#options = options;
    this.#now = now;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#material = options.material;
    this.#roots = rootFingerprints(options.material.trust);
    this.#routes = routesOf(options.services, options.policy);
    this.calls = new OpenCalls(this.#limits.calls, this.#limits.callsPerCaller);
    this.#connections = new Connections(this.#limits, options.identify, options.log, now);
    const rules = { roots: () => this.#roots, denied: options.denied ?? (() => undefined), now };
    this.#run = joined(
      [
        identityInterceptor(rules, this.calls),
        permissionInterceptor(options.self),
        auditInterceptor(options.audit),
        deadlineInterceptor(this.#limits.unaryMs, now),
        errorsInterceptor(),
      ],
      (call) => runCall(call, this.#limits),
    );
  }

  get draining(): boolean {
    return this.#draining;
  }

  /** Full names of the services. */
  get services(): string[] {
    return this.#options.services.map(({ name }) => name);
  }

  /** Open connections. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Listens at one more address, or on a socket that was handed over (`{ fd }`), and gives the port. */
  async listen(where: ListenOptions & { fd?: number }): Promise<number> {
    const http2 = createSecureServer(serverOptions(this.#material, this.#callers, this.#limits));
    http2.on('session', (session: ServerHttp2Session) => this.#begin(session));
    this.#connections.guard(http2);
    await new Promise<void>((resolve, reject) => {
      http2.once('error', reject);
      http2.listen(where, () => {
        http2.off('error', reject);
        resolve();
      });
    });
    // Accepting can fail while the process is out of descriptors; that must not end it.
    http2.on('error', (err) => this.#options.log.error({ err }, 'the listener met an error'));
    this.#listeners.push(http2);
    const address = http2.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /**
   * Takes a new key, chain and trust bundle into use for connections from now on. Open calls go on; where a root was taken
   * out, its callers are refused from their next call on. Throws, and changes nothing, where the material does not hold.
   */
  reload(material: ServerMaterial): void {
    checkMaterial(material, this.#now());
    const context = secureContext(material, this.#callers);
    const roots = rootFingerprints(material.trust);
    for (const http2 of this.#listeners) http2.setSecureContext(context);
    this.#material = material;
    this.#roots = roots;
    const ousted = this.calls.end(
      (_caller, call) => !call.connection.trustedBy(roots),
      new Failure('WRONG_CA', 'the authority of your certificate is no longer trusted here'),
    );
    if (ousted > 0)
      this.#options.log.warn({ ousted }, 'calls were ended whose authority is no longer trusted');
  }

  /**
   * Stops: no new connections, new calls and open streams are told DRAINING, unary calls may end in their own time, and
   * after `limitMs` everything is ended by force. Says whether force was not needed.
   */
  async drain(limitMs = DRAIN_MS): Promise<boolean> {
    this.#draining = true;
    for (const http2 of this.#listeners) http2.close();
    this.calls.end((_caller, call) => call.route.handler.kind !== 'unary', draining());
    const quiet = await this.calls.empty(limitMs);
    if (!quiet) this.calls.end(() => true, draining());
    await this.#connections.close(CLOSE_MS);
    return quiet;
  }

  get #callers(): 'certificates' | 'anyone' {
    return this.#options.identify ? 'certificates' : 'anyone';
  }

  #begin(session: ServerHttp2Session): void {
    const connection = this.#connections.add(session);
    session.setLocalWindowSize(WINDOW_BYTES);
    const responder = {
      routes: this.#routes,
      run: this.#run,
      log: this.#options.log,
      draining: () => this.#draining,
      now: this.#now,
    };
    session.on('stream', (stream, headers) => void respond(responder, connection, stream, headers));
  }
}

/** The routes of services by request path. Throws where a method has no policy in the contract, or no handler. */
function routesOf(
  services: readonly Service[],
  policy: Readonly<Record<string, MethodPolicy>> | undefined,
): Map<string, Route> {
  const routes = new Map<string, Route>();
  for (const { name, handlers } of services)
    for (const methodName of serviceMethods(name)) {
      const path = `${name}/${methodName}`;
      const method = contractMethod(path);
      const run = handlers[methodName];
      if (!run) throw new Failure('INTERNAL', `${path} has no handler, so it cannot be served`);
      const kind = method.requestStream ? 'both' : method.responseStream ? 'stream' : 'unary';
      routes.set(`/${path}`, {
        method,
        policy: policyOf(path, policy),
        handler: { kind, run } as AnyHandler,
      });
    }
  return routes;
}
