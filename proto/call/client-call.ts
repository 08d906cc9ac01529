/**
 * One gRPC call on an HTTP/2 stream of its own: its messages, its status, its time limit and its cancelling. What a failure
 * says of the connection beneath, only the channel knows.
 */

import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { Failure } from '../failure.ts';
import type { CallLimits } from './channel.ts';
import { Deframer, frame } from './framing.ts';
import { patiently, unanswered } from './patience.ts';
import { failureOfTrailers } from './status.ts';

/** CANCEL of RFC 9113, section 7. */
const HTTP2_CANCEL = 0x8;

/** What a call needs of the channel that it is made on. */
export interface CallHost {
  /** Where the channel goes, for messages. */
  readonly address: string;
  /** The peer has answered something. */
  answered(): void;
  /** The failure of a call that ended without a status. */
  lost(method: string, cause?: unknown): Failure;
  /** The call is over. */
  ended(): void;
}

/** A call on its stream. `end()` has to be called once, whatever came of it. */
export class ClientCall {
  readonly #stream: ClientHttp2Stream;
  readonly #method: string;
  readonly #host: CallHost;
  readonly #endWaiting: (() => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #cancel: () => void;
  /** The call's end was seen: its stream needs no closing. */
  #complete = false;
  #trailers: IncomingHttpHeaders | undefined;
  #early: Failure | undefined;
  #stopped: Failure | undefined;

  constructor(
    stream: ClientHttp2Stream,
    method: string,
    host: CallHost,
    { timeoutMs, signal }: Pick<CallLimits, 'timeoutMs' | 'signal'>,
  ) {
    this.#stream = stream;
    this.#method = method;
    this.#host = host;
    this.#signal = signal;
    // Whoever reads the stream is told of its errors; one that comes when nobody reads any more is none of interest.
    stream.on('error', () => undefined);
    stream.on('response', (headers) => this.#response(headers));
    stream.on('trailers', (headers) => {
      this.#trailers = headers;
    });
    this.#cancel = () => this.#stop(new Failure('CANCELLED', `${method} on ${host.address} was cancelled`));
    this.#endWaiting = timeoutMs
      ? patiently(timeoutMs, () => this.#stop(unanswered(host.address, method, timeoutMs)))
      : undefined;
    signal?.addEventListener('abort', this.#cancel, { once: true });
    if (signal?.aborted) this.#cancel();
  }

  /**
   * Sends requests at the pace of the peer until they or the call end. Never rejects: where the requests throw, the call is
   * cancelled with what they threw, which `failure` gives.
   */
  async send(requests: AsyncIterable<object>, encode: (request: object) => Uint8Array): Promise<void> {
    const stream = this.#stream;
    // Not a race against one promise of the end: that would keep every message until the call ends.
    let over: (value: undefined) => void = () => undefined;
    const orOver = <T>(step: Promise<T>): Promise<T | undefined> =>
      new Promise((resolve, reject) => {
        over = resolve;
        step.then(resolve, reject);
      });
    const closed = () => over(undefined);
    stream.once('close', closed);
    const iterator = requests[Symbol.asyncIterator]();
    try {
      while (stream.writable) {
        const next = await orOver(iterator.next());
        if (!next || !stream.writable) break;
        if (next.done) return void stream.end();
        if (!stream.write(frame(encode(next.value))))
          await orOver(new Promise((resolve) => stream.once('drain', resolve)));
      }
      iterator.return?.().catch(() => undefined);
    } catch (error) {
      this.#stop(Failure.from(error));
    } finally {
      stream.off('close', closed);
    }
  }

  /** The messages as they come. Throws where the call does not end well; `failure` says what that means. */
  async *messages(): AsyncGenerator<Buffer, void, undefined> {
    const deframer = new Deframer();
    for await (const chunk of this.#stream) yield* deframer.push(chunk as Buffer);
    this.#check(deframer);
  }

  /**
   * The message of a call that has one. It listens to the stream itself: a command on many nodes makes many of these calls,
   * and a stream's iterator costs more than all the rest of one.
   */
  async onlyMessage(): Promise<Buffer> {
    const stream = this.#stream;
    const deframer = new Deframer();
    let only: Buffer | undefined;
    await new Promise<void>((resolve, reject) => {
      stream.on('data', (chunk: Buffer) => {
        try {
          for (const message of deframer.push(chunk)) {
            if (only)
              throw new Failure('INTERNAL', `${this.#host.address} sent two answers to ${this.#method}`);
            only = message;
          }
        } catch (error) {
          reject(error);
        }
      });
      stream.once('end', resolve).once('close', resolve).once('error', reject);
    });
    this.#check(deframer);
    if (only) return only;
    throw new Failure('CONNECTION_LOST', `${this.#host.address} sent no answer to ${this.#method}`);
  }

  /** What an error of the call means. */
  failure(error: unknown): Failure {
    if (error instanceof Failure) return error;
    const told = this.#stopped ?? (this.#trailers && failureOfTrailers(this.#trailers));
    return told ?? this.#host.lost(this.#method, error);
  }

  /** Lets go of everything that the call holds, and cancels it where it has not ended. */
  end(): void {
    this.#endWaiting?.();
    this.#signal?.removeEventListener('abort', this.#cancel);
    this.#host.ended();
    if (!this.#complete && !this.#stream.closed) this.#stream.close(HTTP2_CANCEL);
  }

  #response(headers: IncomingHttpHeaders & { ':status'?: number | undefined }): void {
    this.#host.answered();
    // A call that fails at once has its status in the headers.
    if (headers['grpc-status'] !== undefined) this.#trailers = headers;
    else if (headers[':status'] !== 200)
      this.#early = new Failure(
        'NOT_A_NODECTL_AGENT',
        `${this.#host.address} answered HTTP status ${headers[':status']}`,
      );
  }

  #stop(failure: Failure): void {
    this.#stopped ??= failure;
    this.#stream.close(HTTP2_CANCEL);
  }

  /** Throws unless the call has ended well. */
  #check(deframer: Deframer): void {
    const trailers = this.#trailers;
    // A reader may have taken the last message before the deadline and asked for more after it.
    const failure =
      this.#stopped ??
      this.#early ??
      (trailers ? failureOfTrailers(trailers) : this.#host.lost(this.#method));
    if (failure) throw failure;
    if (deframer.incomplete) throw this.#host.lost(this.#method);
    this.#complete = true;
  }
}
