/** One call of a UnaryChannel: what has come of its answer, its time limit and its cancelling. */

import { Failure } from '../failure.ts';
import { Deframer } from './framing.ts';
import { patiently, unanswered } from './patience.ts';
import { failureOfTrailers } from './status.ts';

/** What a call needs. */
interface UnaryCallOptions {
  host: {
    /** Where it goes and what it calls, for messages. */
    address: string;
    method: string;
    /** The failure of a call that ended without a status. */
    lost(refused: boolean): Failure;
  };
  timeoutMs: number;
  signal: AbortSignal | undefined;
  /** Told that the call is over, and whether it was ended here, so that the peer must be told. */
  end(cancelled: boolean): void;
  /** The answer's message. */
  resolve(message: Buffer): void;
  reject(failure: Failure): void;
}

/** An open call. */
export class UnaryCall {
  /** How much was read since the peer was told so. */
  read = 0;
  /** Whether it has ended. */
  over = false;
  readonly #options: UnaryCallOptions;
  readonly #deframer = new Deframer();
  readonly #endWaiting: () => void;
  readonly #cancel: () => void;
  #message: Buffer | undefined;
  #status: number | undefined;

  constructor(options: UnaryCallOptions) {
    this.#options = options;
    const { host, timeoutMs, signal } = options;
    this.#cancel = () =>
      this.#stop(new Failure('CANCELLED', `${host.method} on ${host.address} was cancelled`));
    this.#endWaiting = patiently(timeoutMs, () =>
      this.#stop(unanswered(host.address, host.method, timeoutMs)),
    );
    signal?.addEventListener('abort', this.#cancel, { once: true });
    if (signal?.aborted) this.#cancel();
  }

  /** Headers of the answer, or its trailers. */
  headers(headers: Readonly<Record<string, string>>, last: boolean): void {
    if (this.#status === undefined) {
      const status = Number(headers[':status']);
      // Whatever comes before the answer is none (RFC 9110, section 15.2).
      if (status >= 100 && status < 200) return;
      this.#status = status;
      if (headers['grpc-status'] === undefined && status !== 200) {
        const { address } = this.#options.host;
        this.#stop(new Failure('NOT_A_NODECTL_AGENT', `${address} answered HTTP status ${status}`));
      }
    }
    if (last) this.#finish(headers);
  }

  /** A piece of the answer. */
  data(chunk: Buffer, last: boolean): void {
    const { address, method } = this.#options.host;
    try {
      for (const message of this.#deframer.push(chunk)) {
        if (this.#message) throw new Failure('INTERNAL', `${address} sent two answers to ${method}`);
        this.#message = message;
      }
    } catch (error) {
      this.#stop(Failure.from(error));
    }
    if (last) this.#finish(undefined);
  }

  /** The peer has ended the call, or the connection has ended. */
  reset(refused: boolean): void {
    this.#end(this.#options.host.lost(refused));
  }

  /** The peer has said all. */
  #finish(trailers: Readonly<Record<string, string>> | undefined): void {
    const { address, method, lost } = this.#options.host;
    const failure = trailers?.['grpc-status'] === undefined ? lost(false) : failureOfTrailers(trailers);
    if (failure) this.#end(failure);
    else if (this.#deframer.incomplete) this.#end(lost(false));
    else if (this.#message) this.#end(undefined, this.#message);
    else this.#end(new Failure('CONNECTION_LOST', `${address} sent no answer to ${method}`));
  }

  /** Ends the call from here. */
  #stop(failure: Failure): void {
    this.#end(failure, undefined, true);
  }

  #end(failure: Failure | undefined, message: Buffer = Buffer.alloc(0), cancelled = false): void {
    if (this.over) return;
    this.over = true;
    const { end, resolve, reject, signal } = this.#options;
    this.#endWaiting?.();
    signal?.removeEventListener('abort', this.#cancel);
    end(cancelled);
    if (failure) reject(failure);
    else resolve(message);
  }
}
