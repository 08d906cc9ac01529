/** One call on its way through the server: who makes it, how it can be ended from outside, and what its record needs. */

import { createHash } from 'node:crypto';
import type { ContractMethod } from '../contract.ts';
import type { Failure } from '../failure.ts';
import type { Connection } from './connection.ts';
import { ANYONE, type AnyHandler, type CallContext, type Caller } from './handlers.ts';
import type { Log } from './log.ts';
import type { MethodPolicy } from './policy.ts';

/** What a server has for a method: its types, its policy and its handler. */
export interface Route {
  readonly method: ContractMethod;
  readonly policy: MethodPolicy;
  readonly handler: AnyHandler;
}

/** The caller's messages and the way back to it, as bytes. */
export interface Wire {
  /** The only request, or all of them as they come. */
  readonly request: Uint8Array | AsyncIterable<Uint8Array>;
  /** Sends one message of a stream. A promise is given where the caller takes them more slowly than they come. */
  send(message: Uint8Array): Promise<void> | undefined;
}

/** A call and its state. Interceptors see all of it, handlers only what CallContext declares. */
export class ServerCall implements CallContext {
  readonly route: Route;
  readonly wire: Wire;
  readonly connection: Connection;
  readonly log: Log;
  /** Set by the identity interceptor. */
  identity: Caller = ANYONE;
  /** The caller's own limit at first; the deadline interceptor may set one. */
  deadline: number | undefined;
  /** Encoded answer of a unary call; it is sent when every interceptor is done. */
  answer: Uint8Array | undefined;
  /** Trailers beside the status. */
  readonly trailers: Record<string, string> = {};
  /** SHA-256 of the request's bytes in hexadecimal, for methods that mutate. */
  requestSha256 = '';

  readonly #abort = new AbortController();
  #stopped: Failure | undefined;
  #reject: ((failure: Failure) => void) | undefined;

  constructor(route: Route, wire: Wire, connection: Connection, log: Log) {
    this.route = route;
    this.wire = wire;
    this.connection = connection;
    this.log = log;
  }

  get method(): string {
    return this.route.method.path;
  }

  get peer(): string {
    return this.connection.peer;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Why the call was ended from outside, or undefined while it runs. */
  get stopped(): Failure | undefined {
    return this.#stopped;
  }

  /** Ends the call with a failure, whatever its handler is doing. The first reason counts. */
  stop(failure: Failure): void {
    if (this.#stopped) return;
    this.#stopped = failure;
    this.#abort.abort(failure);
    this.#reject?.(failure);
  }

  /**
   * Waits for a handler's next step, but no longer than the call lives. Only one wait at a time: a race against one lasting
   * promise would keep a reaction for every message of a long stream.
   */
  async while<T>(step: Promise<T>): Promise<T> {
    if (this.#stopped) {
      step.catch(() => undefined);
      throw this.#stopped;
    }
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#reject = reject;
        step.then(resolve, reject);
      });
    } finally {
      this.#reject = undefined;
    }
  }

  /** Takes note of the request's bytes where the audit log will want them. */
  sawRequest(bytes: Uint8Array): void {
    if (this.route.policy.mutates) this.requestSha256 = createHash('sha256').update(bytes).digest('hex');
  }
}
