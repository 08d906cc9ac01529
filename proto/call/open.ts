/**
 * A gRPC channel over node:http2. gRPC on the wire is an HTTP/2 POST whose trailers carry the status; that little is
 * written out here because a caller gains by it: the socket is verified and its failures are named before the first call,
 * a cold call loads half the code, and a thousand connections cost a third of the memory (docs/bench.md).
 */

import type { ClientHttp2Session } from 'node:http2';
import { contractMethod } from '../contract.ts';
import { Failure } from '../failure.ts';
import type { BidiStreamMethods, ServerStreamMethods, UnaryMethods } from '../gen/methods.ts';
import { VERSION } from '../version.ts';
import type { CallLimits, Channel, ChannelTarget } from './channel.ts';
import { type CallHost, ClientCall } from './client-call.ts';
import { connectTls } from './connect.ts';
import { ConnectionFate } from './connection-fate.ts';
import { frame } from './framing.ts';
import { PING_EVERY_MS, PING_TIMEOUT_MS, UNARY_TIMEOUT_MS } from './patience.ts';
import { UnaryChannel } from './unary-channel.ts';

/** With the default of 64 KiB a long fat link idles between window updates; 4 MiB doubled bulk speed even on loopback. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/** Connects to a target and verifies it. Throws a Failure that names the cause. */
export async function openChannel(target: ChannelTarget, signal?: AbortSignal): Promise<Channel> {
  if (target.calls === 'unary') return new UnaryChannel(await connectTls(target, signal), target);
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

class Http2Channel implements Channel {
  readonly #session: ClientHttp2Session;
  readonly #target: ChannelTarget;
  #streams = 0;
  #pings: NodeJS.Timeout | undefined;
  readonly #fate: ConnectionFate;
  #wide = false;
  readonly #host: CallHost;

  constructor(session: ClientHttp2Session, target: ChannelTarget) {
    this.#session = session;
    this.#target = target;
    this.#fate = new ConnectionFate(target);
    this.#host = {
      address: target.address,
      answered: () => this.#fate.hear(),
      lost: (method, cause) => this.#lost(method, cause),
      ended: () => this.#ended(),
    };
    // A server sends its settings first of all, as soon as it has accepted the caller's certificate.
    session.once('remoteSettings', () => this.#fate.hear());
    session.on('error', (error) => this.#fate.fail(error));
    // An idle channel must not keep the process alive; a call in flight does.
    session.unref();
  }

  async unary<M extends keyof UnaryMethods>(
    method: M,
    request: UnaryMethods[M]['request'],
    limits: CallLimits = {},
  ): Promise<UnaryMethods[M]['response']> {
    const timeoutMs = limits.timeoutMs ?? UNARY_TIMEOUT_MS;
    const { request: codec, response } = contractMethod(method);
    let call: ClientCall | undefined;
    try {
      call = this.#begin(method, codec.encode(request), { ...limits, timeoutMs });
      return response.decode(await call.onlyMessage()) as UnaryMethods[M]['response'];
    } catch (error) {
      throw await this.#failure(error, call, limits);
    } finally {
      call?.end();
    }
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

  async *bidiStream<M extends keyof BidiStreamMethods>(
    method: M,
    requests: AsyncIterable<BidiStreamMethods[M]['request']>,
    limits: CallLimits = {},
  ): AsyncGenerator<BidiStreamMethods[M]['response'], void, undefined> {
    const { request, response } = contractMethod(method);
    let call: ClientCall | undefined;
    let sending: Promise<void> | undefined;
    try {
      call = this.#begin(method, undefined, limits);
      sending = call.send(requests, request.encode);
      for await (const message of call.messages())
        yield response.decode(message) as BidiStreamMethods[M]['response'];
    } catch (error) {
      throw await this.#failure(error, call, limits);
    } finally {
      call?.end();
      await sending;
    }
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
    this.#widen();
    let call: ClientCall | undefined;
    try {
      call = this.#begin(method, contractMethod(method).request.encode(request), limits);
      for await (const message of call.messages()) yield decode(message);
    } catch (error) {
      throw await this.#failure(error, call, limits);
    } finally {
      call?.end();
    }
  }

  /** Begins a call. Without its only request, what is sent is the caller's to say. */
  #begin(method: string, request: Uint8Array | undefined, limits: CallLimits): ClientCall {
    if (this.#session.destroyed || this.#session.closed) throw this.#lost(method);
    const only = request && frame(request);
    const stream = this.#session.request({
      ':method': 'POST',
      ':path': `/${method}`,
      'content-type': 'application/grpc+proto',
      te: 'trailers',
      'user-agent': `nodectl/${VERSION}`,
      ...(limits.timeoutMs ? { 'grpc-timeout': `${Math.ceil(limits.timeoutMs)}m` } : {}),
    });
    this.#began();
    const call = new ClientCall(stream, method, this.#host, limits);
    if (only) stream.end(only);
    return call;
  }

  /** The call ended without a status. */
  #lost(method: string, cause?: unknown): Failure {
    return this.#fate.lost(method, {
      over: this.#session.closed || this.#session.destroyed,
      refused: /REFUSED_STREAM/.test(String((cause as Error | undefined)?.message)),
      cause,
    });
  }

  /** What an error of a call means, or of beginning one. */
  #failure(error: unknown, call: ClientCall | undefined, limits: CallLimits): Promise<Failure> {
    return this.#fate.certain(call?.failure(error) ?? Failure.from(error), limits.signal);
  }

  /** Opens the connection's own window for streams, once. The answer of a unary call fits the default of 64 KiB, mostly. */
  #widen(): void {
    if (this.#wide) return;
    this.#wide = true;
    const session = this.#session;
    const widen = () => session.setLocalWindowSize(this.#target.windowBytes ?? WINDOW_BYTES);
    if (session.connecting) session.once('connect', widen);
    else if (!session.destroyed) widen();
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
      this.#fate.silent();
      this.#session.destroy();
    }, PING_TIMEOUT_MS);
    limit.unref();
    if (!this.#session.destroyed) this.#session.ping(() => clearTimeout(limit));
  }
}
