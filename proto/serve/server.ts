/**
 * A gRPC server over mutual TLS 1.3: grpc-js speaks gRPC, and around it are bounds on connections, the interceptors that every
 * call passes, certificates that are swapped while it runs, and a drain that ends everything in bounded time.
 */

import type { Http2SecureServer } from 'node:http2';
import type { ListenOptions } from 'node:net';
import { Server as GrpcServer } from '@grpc/grpc-js';
import { contractMethod, serviceMethods } from '../contract.ts';
import { Failure } from '../failure.ts';
import { type AuditSink, auditInterceptor } from './audit.ts';
import type { Route } from './call.ts';
import { Connections } from './connections.ts';
import { MutualTls } from './credentials.ts';
import { deadlineInterceptor } from './deadline.ts';
import { errorsInterceptor } from './errors.ts';
import type { AnyHandler, Caller, Service } from './handlers.ts';
import { makeHttp2Server, stopListening } from './http2-server.ts';
import { identityInterceptor } from './identity.ts';
import { joined } from './interceptor.ts';
import { DEFAULT_LIMITS, type ServeLimits } from './limits.ts';
import type { Log } from './log.ts';
import { OpenCalls } from './open-calls.ts';
import { permissionInterceptor } from './permission.ts';
import { type MethodPolicy, policyOf } from './policy.ts';
import { runCall } from './run-call.ts';
import { draining, register } from './transport.ts';
import { type Callers, checkMaterial, rootFingerprints, type ServerMaterial } from './trust.ts';

/** What a server is made of. */
export interface ServeOptions {
  readonly material: ServerMaterial;
  readonly services: readonly Service[];
  /** Default: callers must show a certificate. */
  readonly callers?: Callers;
  /** Why a caller is denied, or undefined where it is not. */
  readonly denied?: (caller: Caller) => string | undefined;
  readonly audit?: AuditSink;
  readonly log: Log;
  /** The name of the node that serves, if it is one: its own watchdog may ask for its health. */
  readonly self?: string;
  readonly limits?: Partial<ServeLimits>;
  /** Called when the last connection has ended. */
  readonly onEmpty?: () => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** In place of the contract's table of permissions; for tests. */
  readonly policy?: Readonly<Record<string, MethodPolicy>>;
}

/** How long a drain waits for open calls before it ends them, in milliseconds. */
const DRAIN_MS = 10_000;
/** By how much a request may exceed its bound and still be answered with a reason. */
const OVERSIZE_BYTES = 1024 * 1024;
/** How long those who have just connected have for their first call: a handshake and a request over a link of 250 ms. */
const FIRST_CALL_MS = 1_000;
/** How long a session may take to close after its last call, in milliseconds. */
const CLOSE_MS = 1_000;

/** A server on any number of ports, which are all stopped together. */
export class Server {
  /** The calls that are open now. */
  readonly calls: OpenCalls;
  readonly #options: ServeOptions;
  readonly #grpc: GrpcServer;
  readonly #credentials: MutualTls;
  readonly #connections: Connections;
  readonly #listeners: Http2SecureServer[] = [];
  #roots: ReadonlySet<string>;
  #draining = false;
  /** Whether a listener is a socket that another process goes on to serve. */
  #handedOver = false;

  /** Throws where the material is not usable, or a method has no permission or no handler. */
  constructor(options: ServeOptions) {
    const now = options.now ?? Date.now;
    const callers = options.callers ?? 'certificates';
    checkMaterial(options.material);
    this.#options = options;
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#roots = rootFingerprints(options.material.trust);
    this.calls = new OpenCalls(limits.calls, limits.callsPerCaller);
    this.#connections = new Connections(limits, callers, () => this.#roots, options.log, now);
    this.#connections.onEmpty = options.onEmpty;
    const rules = { roots: () => this.#roots, denied: options.denied ?? (() => undefined), now };
    const run = joined(
      [
        identityInterceptor(rules, this.calls),
        permissionInterceptor(options.self),
        auditInterceptor(options.audit),
        deadlineInterceptor(limits.unaryMs, now),
        errorsInterceptor(),
      ],
      (call) => runCall(call, limits.requestBytes),
    );
    this.#credentials = new MutualTls(options.material, callers, limits);
    this.#grpc = new GrpcServer({
      'grpc.enable_channelz': 0,
      // Above our own bound, so that ours can give its reason.
      'grpc.max_receive_message_length': limits.requestBytes + OVERSIZE_BYTES,
      'grpc.max_send_message_length': -1,
    });
    const responder = {
      connections: this.#connections,
      run,
      log: options.log,
      draining: () => this.#draining,
      now,
    };
    for (const route of routesOf(options.services, options.policy))
      register(this.#grpc, `/${route.method.path}`, route, responder);
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
    const http2 = makeHttp2Server(this.#grpc, this.#credentials);
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
    this.#handedOver ||= where.fd !== undefined;
    const address = http2.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /**
   * Takes a new key, chain and trust bundle into use for connections from now on. Open calls go on; where a root was taken
   * out, its callers are refused from their next call on. Throws, and changes nothing, where the material does not hold.
   */
  reload(material: ServerMaterial): void {
    checkMaterial(material);
    const roots = rootFingerprints(material.trust);
    this.#credentials.reload(material);
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
    for (const http2 of this.#listeners) stopListening(http2);
    // Whom systemd's socket keeps waiting for the next process is served by that; whom this one has taken in is served here.
    if (this.#handedOver) await this.#connections.firstCalls(Math.min(limitMs, FIRST_CALL_MS));
    this.#draining = true;
    this.calls.end((_caller, call) => call.route.handler.kind !== 'unary', draining());
    const quiet = await this.calls.empty(limitMs);
    if (!quiet) this.calls.end(() => true, draining());
    await this.#connections.close(CLOSE_MS);
    return quiet;
  }
}

/** The routes of services. Throws where a method has no policy in the contract, or no handler. */
function routesOf(
  services: readonly Service[],
  policy: Readonly<Record<string, MethodPolicy>> | undefined,
): Route[] {
  return services.flatMap(({ name, handlers }) =>
    serviceMethods(name).map((methodName) => {
      const path = `${name}/${methodName}`;
      const method = contractMethod(path);
      const run = handlers[methodName];
      if (!run) throw new Failure('INTERNAL', `${path} has no handler, so it cannot be served`);
      const kind = method.requestStream ? 'both' : method.responseStream ? 'stream' : 'unary';
      return { method, policy: policyOf(path, policy), handler: { kind, run } as AnyHandler };
    }),
  );
}
