/**
 * A channel for short questions: unary calls whose requests fit into one frame. A command on many nodes makes one or two of them on
 * each, and half of what a call costs its caller there is what node:http2 makes ready for all that HTTP/2 can do. So the few
 * frames that these calls need are written and read here; everything else goes over a channel of open.ts.
 */

import type { TLSSocket } from 'node:tls';
import { contractMethod } from '../contract.ts';
import { Failure } from '../failure.ts';
import type { UnaryMethods } from '../gen/methods.ts';
import { VERSION } from '../version.ts';
import type { CallLimits, Channel, ChannelTarget } from './channel.ts';
import { HINT_STRANGER } from './connect-failure.ts';
import { ConnectionFate } from './connection-fate.ts';
import { frame as framed } from './framing.ts';
import { decodeHeaders, encodeHeaders } from './hpack.ts';
import {
  content,
  encodeFrame,
  FLAG,
  FRAME,
  type Frame,
  FrameReader,
  MAX_PAYLOAD_BYTES,
  PREFACE,
} from './http2-frames.ts';
import { PING_EVERY_MS, PING_TIMEOUT_MS, UNARY_TIMEOUT_MS } from './patience.ts';
import { UnaryCall } from './unary-call.ts';

/** Identifiers of settings (RFC 9113, section 6.5.2). */
const SETTING = { headerTableSize: 1, enablePush: 2 };
/** Codes of errors (section 7). */
const ERROR = { refusedStream: 0x7, cancel: 0x8 };
/** What a peer may send ahead on a connection and on each stream of it where nothing else is said (section 6.9.2). */
const WINDOW_BYTES = 65_535;
/** After so many bytes the peer is told that they were read. */
const READ_BYTES = WINDOW_BYTES / 2;
/** The longest block of headers that is put together. grpc-js' own bound for those of an error is less. */
const MAX_BLOCK_BYTES = 64 * 1024;
/** How much may wait for the peer to read it: more than any call of ours, and a thousand answers to pings. */
const MAX_UNREAD_BYTES = 64 * 1024;
const MAX_STREAM = 2 ** 31 - 1;

const NOTHING = Buffer.alloc(0);

/** What begins each connection: no pushes, and no table of headers to keep. */
const HELLO = Buffer.concat([
  PREFACE,
  encodeFrame(FRAME.settings, 0, 0, settings([SETTING.headerTableSize, 0], [SETTING.enablePush, 0])),
]);
const SETTINGS_READ = encodeFrame(FRAME.settings, FLAG.ack, 0, NOTHING);
const PING = encodeFrame(FRAME.ping, 0, 0, Buffer.alloc(8));

function settings(...pairs: [id: number, value: number][]): Buffer {
  const out = Buffer.alloc(pairs.length * 6);
  for (const [at, [id, value]] of pairs.entries()) {
    out.writeUInt16BE(id, at * 6);
    out.writeUInt32BE(value, at * 6 + 2);
  }
  return out;
}

/** A number of 32 bits, as some frames carry it. */
function number(value: number): Buffer {
  const out = Buffer.allocUnsafe(4);
  out.writeUInt32BE(value);
  return out;
}

const known = new Map<string, Buffer>();

/** The headers that all calls of a method have. */
function headersOf(method: string): Buffer {
  let headers = known.get(method);
  if (!headers) {
    headers = encodeHeaders([
      [':method', 'POST'],
      [':scheme', 'https'],
      [':path', `/${method}`],
      ['content-type', 'application/grpc+proto'],
      ['te', 'trailers'],
      ['user-agent', `nodectl/${VERSION}`],
    ]);
    known.set(method, headers);
  }
  return headers;
}

/** The number that a payload begins with; the highest bit of a code of an error is never set. Throws an Error where it is too short. */
function numberIn(payload: Buffer): number {
  if (payload.length < 4) throw new Error('a frame is too short');
  return payload.readUInt32BE() & MAX_STREAM;
}

/** Who opens a channel says what it is for, so this is a defect of the program. */
function unsuitable(method: string): Failure {
  return new Failure('INTERNAL', `${method} was called on a channel for short questions`);
}

/** Unary calls over a socket that is connected and verified. */
export class UnaryChannel implements Channel {
  readonly #socket: TLSSocket;
  readonly #target: ChannelTarget;
  readonly #fate: ConnectionFate;
  readonly #reader = new FrameReader();
  /** Open calls by the numbers of their streams. */
  readonly #calls = new Map<number, UnaryCall>();
  #next = 1;
  #greeted = false;
  /** How much may still be sent on the connection. */
  #window = WINDOW_BYTES;
  /** How much was read on the connection since the peer was told so. */
  #read = 0;
  /** Whether the peer's settings were read and it has not been told so yet: that goes along with whatever is sent next. */
  #toAcknowledge = false;
  /** A block of headers that goes on in the next frame. */
  #block: { stream: number; last: boolean; parts: Buffer[]; bytes: number } | undefined;
  /** The peer takes no more calls. */
  #leaving = false;
  #pings: NodeJS.Timeout | undefined;
  #answerBy: NodeJS.Timeout | undefined;

  constructor(socket: TLSSocket, target: ChannelTarget) {
    this.#socket = socket;
    this.#target = target;
    this.#fate = new ConnectionFate(target);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#fate.fail(error));
    socket.once('close', () => this.#endAll());
    // An idle channel must not keep the process alive; a call in flight does.
    socket.unref();
  }

  async unary<M extends keyof UnaryMethods>(
    method: M,
    request: UnaryMethods[M]['request'],
    limits: CallLimits = {},
  ): Promise<UnaryMethods[M]['response']> {
    const { request: codec, response } = contractMethod(method);
    try {
      const answer = await this.#ask(method, framed(codec.encode(request)), limits);
      return response.decode(answer) as UnaryMethods[M]['response'];
    } catch (error) {
      throw await this.#fate.certain(Failure.from(error), limits.signal);
    }
  }

  serverStream(method: string): never {
    throw unsuitable(method);
  }

  serverStreamBytes(method: string): never {
    throw unsuitable(method);
  }

  bidiStream(method: string): never {
    throw unsuitable(method);
  }

  close(): void {
    this.#stopPings();
    this.#socket.destroy();
  }

  /** The bytes of the answer. Rejects with a Failure. */
  #ask(method: string, message: Buffer, limits: CallLimits): Promise<Buffer> {
    const timeoutMs = limits.timeoutMs ?? UNARY_TIMEOUT_MS;
    return new Promise((resolve, reject) => {
      if (message.length > Math.min(this.#window, MAX_PAYLOAD_BYTES)) throw unsuitable(method);
      const stream = this.#next;
      if (this.#over || stream > MAX_STREAM) throw this.#lost(method, this.#leaving);
      const end = (cancelled: boolean) => {
        // One that was cancelled before it began is known to nobody.
        if (!this.#calls.delete(stream)) return;
        if (this.#calls.size === 0) this.#rest();
        if (cancelled) this.#send(encodeFrame(FRAME.resetStream, 0, stream, number(ERROR.cancel)));
      };
      const host = {
        address: this.#target.address,
        method,
        lost: (refused: boolean) => this.#lost(method, refused),
      };
      const call = new UnaryCall({ host, timeoutMs, signal: limits.signal, end, resolve, reject });
      if (call.over) return;
      this.#next += 2;
      this.#window -= message.length;
      this.#calls.set(stream, call);
      if (this.#calls.size === 1) this.#work();
      const headers = Buffer.concat([
        encodeHeaders([[':authority', this.#target.address]]),
        headersOf(method),
        encodeHeaders([['grpc-timeout', `${Math.ceil(timeoutMs)}m`]]),
      ]);
      this.#send(
        ...(this.#greeted ? [] : [HELLO]),
        encodeFrame(FRAME.headers, FLAG.endHeaders, stream, headers),
        encodeFrame(FRAME.data, FLAG.endStream, stream, message),
      );
      this.#greeted = true;
    });
  }

  get #over(): boolean {
    return this.#leaving || this.#socket.destroyed || !this.#socket.writable;
  }

  #lost(method: string, refused = false): Failure {
    return this.#fate.lost(method, { over: this.#over, refused });
  }

  /** Writes frames at once, in one record of TLS. */
  #send(...frames: Buffer[]): void {
    if (this.#socket.destroyed || !this.#socket.writable) return;
    if (this.#toAcknowledge) frames.push(SETTINGS_READ);
    this.#toAcknowledge = false;
    const [only = NOTHING, ...others] = frames;
    this.#socket.write(others.length > 0 ? Buffer.concat(frames) : only);
  }

  #take(chunk: Buffer): void {
    // A server sends its settings first of all, as soon as it has accepted the caller's certificate.
    this.#fate.hear();
    try {
      this.#reader.push(chunk, (one) => this.#frame(one));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const { address } = this.#target;
      this.#fate.fail(
        new Failure('NOT_A_NODECTL_AGENT', `${address} does not speak HTTP/2 as an agent does: ${why}`, {
          hint: HINT_STRANGER,
          cause: error,
        }),
      );
      this.#socket.destroy();
      this.#endAll();
    }
  }

  /** Throws an Error where the frame breaks the protocol. */
  #frame(one: Frame): void {
    const { type, flags, stream } = one;
    if (this.#block && (type !== FRAME.continuation || stream !== this.#block.stream))
      throw new Error('headers were interrupted');
    const { payload } = one;
    const last = (flags & FLAG.endStream) !== 0;
    // Frames of types that are not known are passed over (section 5.5).
    if (type === FRAME.data) this.#data(one, last);
    else if (type === FRAME.headers) this.#headers(one, last, content(one, true));
    else if (type === FRAME.continuation) {
      if (!this.#block) throw new Error('headers go on that have not begun');
      this.#headers(one, this.#block.last, payload);
    } else if (type === FRAME.settings) this.#toAcknowledge ||= (flags & FLAG.ack) === 0;
    else if (type === FRAME.resetStream)
      this.#calls.get(stream)?.reset(numberIn(payload) === ERROR.refusedStream);
    else if (type === FRAME.windowUpdate) this.#window += stream === 0 ? numberIn(payload) : 0;
    else if (type === FRAME.ping) this.#pinged(flags, payload);
    else if (type === FRAME.goAway) this.#goAway(numberIn(payload));
    else if (type === FRAME.pushPromise) throw new Error('it pushes, which was not asked for');
  }

  #data(one: Frame, last: boolean): void {
    const { stream, payload } = one;
    this.#read += payload.length;
    if (this.#read >= READ_BYTES) {
      this.#send(encodeFrame(FRAME.windowUpdate, 0, 0, number(this.#read)));
      this.#read = 0;
    }
    const call = this.#calls.get(stream);
    if (!call) return;
    call.read += payload.length;
    if (!last && call.read >= READ_BYTES) {
      this.#send(encodeFrame(FRAME.windowUpdate, 0, stream, number(call.read)));
      call.read = 0;
    }
    call.data(content(one, false), last);
  }

  #headers({ stream, flags }: Frame, last: boolean, part: Buffer): void {
    const block = this.#block ?? { stream, last, parts: [], bytes: 0 };
    block.parts.push(part);
    block.bytes += part.length;
    // Each frame counts, so that an endless row of empty ones ends too.
    if (block.bytes + block.parts.length * 9 > MAX_BLOCK_BYTES) throw new Error('it sends endless headers');
    if (!(flags & FLAG.endHeaders)) {
      this.#block = block;
      return;
    }
    this.#block = undefined;
    this.#calls.get(stream)?.headers(decodeHeaders(Buffer.concat(block.parts)), last);
  }

  /** The peer takes no more calls, and has not looked at those with a number above the one that it names. */
  #goAway(last: number): void {
    this.#leaving = true;
    for (const [stream, call] of this.#calls) if (stream > last) call.reset(true);
  }

  #pinged(flags: number, payload: Buffer): void {
    if (flags & FLAG.ack) {
      clearTimeout(this.#answerBy);
      return;
    }
    // Answers that nobody reads would fill the memory.
    if (this.#socket.writableLength > MAX_UNREAD_BYTES) throw new Error('it pings without end');
    this.#send(encodeFrame(FRAME.ping, FLAG.ack, 0, payload));
  }

  #endAll(): void {
    for (const call of this.#calls.values()) call.reset(false);
    this.#stopPings();
  }

  #work(): void {
    this.#socket.ref();
    this.#pings = setInterval(() => this.#ping(), PING_EVERY_MS).unref();
  }

  #rest(): void {
    this.#stopPings();
    this.#socket.unref();
  }

  #ping(): void {
    this.#answerBy = setTimeout(() => {
      this.#fate.silent();
      this.#socket.destroy();
    }, PING_TIMEOUT_MS).unref();
    this.#send(PING);
  }

  #stopPings(): void {
    clearInterval(this.#pings);
    clearTimeout(this.#answerBy);
  }
}
