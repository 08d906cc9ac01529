/**
 * A gRPC channel over node:http2. gRPC on the wire is an HTTP/2 POST whose trailers carry the status; that little is
 * written out here because a caller gains by it: the socket is verified and its failures are named before the first call,
 * a cold call loads half the code, and a thousand connections cost a third of the memory (docs/bench.md).
 */

import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { contractMethod } from '../contract.ts';
import { Failure } from '../failure.ts';
import type { ServerStreamMethods, UnaryMethods } from '../gen/methods.ts';
import { VERSION } from '../version.ts';
import type { CallLimits, Channel, ChannelTarget } from './channel.ts';
import { connectTls } from './connect.ts';
import { refusedAfterHandshake, resetBeforeAnswer } from './connect-failure.ts';
import { Deframer, frame } from './framing.ts';
import { failureOfTrailers } from './status.ts';

/** With the default of 64 KiB a long fat link idles between window updates; 4 MiB doubled bulk speed even on loopback. */
const WINDOW_BYTES = 4 * 1024 * 1024;
const UNARY_TIMEOUT_MS = 15_000;
/** An open stream on a dead link is noticed within two of these. */
const PING_EVERY_MS = 15_000;
const PING_TIMEOUT_MS = 10_000;
/** CANCEL of RFC 9113, section 7. */
const HTTP2_CANCEL = 0x8;

/** Connects to a target and verifies it. Throws a Failure that names the cause. */
export async function openChannel(target: ChannelTarget, signal?: AbortSignal): Promise<Channel> {
  const socket = await connectTls(target, signal, http2);
  const session = http2().connect(`https://${target.address}`, {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: target.windowBytes ?? WINDOW_BYTES },
  });
  return new Http2Channel(session, target);
}

/** node:http2. To load it takes 4 to 8 ms, which pass while the peer does its half of the handshake. */
function http2(): typeof import('node:http2') {
  return process.getBuiltinModule('node:http2');
}

/** How the system says that an open connection has ended. */
const BROKEN: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

function broken({ address }: ChannelTarget, cause: Error): Failure {
  return new Failure('CONNECTION_LOST', `the connection to ${address} broke: ${cause.message}`, {
    hint: 'did the agent or the node restart? The command can be repeated',
    cause,
  });
}

class Http2Channel implements Channel {
  readonly #session: ClientHttp2Session;
  readonly #target: ChannelTarget;
  #streams = 0;
  #pings: NodeJS.Timeout | undefined;
  #answered = false;
  #broken: Failure | undefined;

  constructor(session: ClientHttp2Session, target: ChannelTarget) {
    this.#session = session;
    this.#target = target;
    session.once('connect', () => session.setLocalWindowSize(target.windowBytes ?? WINDOW_BYTES));
    session.on('error', (error) => {
      // What resets a connection in its handshake is another matter than what breaks one that has served.
      const { code } = error as NodeJS.ErrnoException;
      this.#broken ??=
        this.#answered && code !== undefined && BROKEN.has(code)
          ? broken(target, error)
          : resetBeforeAnswer(error, target);
    });
    // An idle channel must not keep the process alive; a call in flight does.
    session.unref();
  }

  async unary<M extends keyof UnaryMethods>(
    method: M,
    request: UnaryMethods[M]['request'],
    limits: CallLimits = {},
  ): Promise<UnaryMethods[M]['response']> {
    const timeoutMs = limits.timeoutMs ?? UNARY_TIMEOUT_MS;
    let response: object | undefined;
    const decode = contractMethod(method).response.decode;
    for await (const message of this.#call(method, request, { ...limits, timeoutMs }, decode)) {
      if (response) throw new Failure('INTERNAL', `${this.#target.address} sent two answers to ${method}`);
      response = message;
    }
    if (!response)
      throw new Failure('CONNECTION_LOST', `${this.#target.address} sent no answer to ${method}`);
    return response as UnaryMethods[M]['response'];
  }

  serverStream<M extends keyof ServerStreamMethods>(
    method: M,
    request: ServerStreamMethods[M]['request'],
    limits: CallLimits = {},
  ): AsyncIterable<ServerStreamMethods[M]['response']> {
    const decode = contractMethod(method).response.decode;
    return this.#call(method, request, limits, decode) as AsyncIterable<ServerStreamMethods[M]['response']>;
  }

  serverStreamBytes<M extends keyof ServerStreamMethods>(
    method: M,
    request: ServerStreamMethods[M]['request'],
    limits: CallLimits = {},
  ): AsyncIterable<Buffer> {
    return this.#call(method, request, limits, (bytes) => bytes);
  }

  close(): void {
    clearInterval(this.#pings);
    this.#session.destroy();
  }

  async *#call<T>(
    method: string,
    request: object,
    limits: CallLimits,
    decode: (bytes: Buffer) => T,
  ): AsyncGenerator<T, void, undefined> {
    const codec = contractMethod(method);
    const stream = this.#request(method, limits.timeoutMs);
    let trailers: IncomingHttpHeaders | undefined;
    let early: Failure | undefined;
    stream.on('response', (headers) => {
      this.#answered = true;
      // A call that fails at once has its status in the headers.
      if (headers['grpc-status'] !== undefined) trailers = headers;
      else if (headers[':status'] !== 200)
        early = new Failure(
          'NOT_A_NODECTL_AGENT',
          `${this.#target.address} answered HTTP status ${headers[':status']}`,
        );
    });
    stream.on('trailers', (headers) => {
      trailers = headers;
    });
    let stopped: Failure | undefined;
    const stop = (failure: Failure) => {
      stopped ??= failure;
      stream.close(HTTP2_CANCEL);
    };
    const cancel = () => stop(new Failure('CANCELLED', `${method} on ${this.#target.address} was cancelled`));
    const timer = limits.timeoutMs
      ? setTimeout(
          () =>
            stop(
              new Failure(
                'DEADLINE_EXCEEDED',
                `${this.#target.address} did not answer ${method} within ${limits.timeoutMs} ms`,
              ),
            ),
          limits.timeoutMs,
        )
      : undefined;
    limits.signal?.addEventListener('abort', cancel, { once: true });
    if (limits.signal?.aborted) cancel();
    this.#began();
    const deframer = new Deframer();
    try {
      stream.end(frame(codec.request.encode(request)));
      for await (const chunk of stream)
        for (const message of deframer.push(chunk as Buffer)) yield decode(message);
      // A reader may have taken the last message before the deadline and asked for more after it.
      const failure = stopped ?? early ?? (trailers ? failureOfTrailers(trailers) : this.#lost(method));
      if (failure) throw failure;
      if (deframer.incomplete) throw this.#lost(method);
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw stopped ?? (trailers && failureOfTrailers(trailers)) ?? this.#streamFailure(method, error);
    } finally {
      clearTimeout(timer);
      limits.signal?.removeEventListener('abort', cancel);
      this.#ended();
      if (!stream.closed) stream.close(HTTP2_CANCEL);
    }
  }

  #request(method: string, timeoutMs: number | undefined): ClientHttp2Stream {
    if (this.#session.destroyed || this.#session.closed) throw this.#lost(method);
    return this.#session.request({
      ':method': 'POST',
      ':path': `/${method}`,
      'content-type': 'application/grpc+proto',
      te: 'trailers',
      'user-agent': `nodectl/${VERSION}`,
      ...(timeoutMs ? { 'grpc-timeout': `${Math.ceil(timeoutMs)}m` } : {}),
    });
  }

  /** What a stream's own error means: the connection's failure, if that broke, or the peer's HTTP/2 error code. */
  #streamFailure(method: string, error: unknown): Failure {
    if (this.#broken) return this.#broken;
    const text = String((error as Error).message);
    if (/REFUSED_STREAM/.test(text))
      return new Failure('TOO_MANY_STREAMS', `${this.#target.address} has too many open calls`, {
        hint: 'try again later, or with fewer calls at once',
      });
    return this.#lost(method, error);
  }

  /** The call ended without a status. */
  #lost(method: string, cause?: unknown): Failure {
    if (this.#broken) return this.#broken;
    if (!this.#answered && (this.#session.destroyed || this.#session.closed))
      return refusedAfterHandshake(this.#target);
    return new Failure(
      'CONNECTION_LOST',
      `the connection to ${this.#target.address} ended in the middle of ${method}`,
      {
        hint: 'did the agent or the node restart? The command can be repeated',
        cause,
      },
    );
  }

  #began(): void {
    if (this.#streams++ > 0) return;
    this.#session.ref();
    this.#pings = setInterval(() => this.#ping(), PING_EVERY_MS);
    this.#pings.unref();
  }

  #ended(): void {
    if (--this.#streams > 0) return;
    clearInterval(this.#pings);
    this.#session.unref();
  }

  #ping(): void {
    const limit = setTimeout(() => {
      this.#broken ??= new Failure('CONNECTION_LOST', `${this.#target.address} does not answer any more`, {
        hint: 'the node or the network between may be down',
      });
      this.#session.destroy();
    }, PING_TIMEOUT_MS);
    limit.unref();
    if (!this.#session.destroyed) this.#session.ping(() => clearTimeout(limit));
  }
}
