/**
 * The talk over one stream that carries an image: the caller says which upgrade and sends, the node says where to go on, what it
 * lacks and what is on its disk.
 */

import { Failure } from '../../proto/failure.ts';
import type { Role } from '../../proto/image/manifest.ts';
import type { UpgradeEngine } from './engine.ts';
import type { Position } from './state.ts';
import type { Transfer } from './transfer.ts';

/** What a caller sends. */
export type Incoming =
  | {
      readonly start: {
        readonly upgradeId: string;
        readonly compare: boolean;
        readonly leaveOutHeld: boolean;
      };
    }
  | { readonly index: Uint8Array }
  | { readonly operations: Uint8Array }
  | { readonly end: true };

/** What the node answers. */
export type Outgoing =
  | { readonly resume: Position; readonly indexKept: boolean; readonly held: readonly Role[] }
  | { readonly durable: Position }
  | { readonly needed: Uint8Array }
  | { readonly done: { readonly wireBytes: number } };

/** Bytes of a bitmap in one answer, and of an index in one request. */
const MOST_PIECE = 256 << 10;
/** Bytes of operations in one request. */
const MOST_OPERATIONS = 1 << 20;

/** Carries an image over. Ends when the node has all of it; throws what ended it before, and for an abort. */
export async function* carry(
  engine: UpgradeEngine,
  requests: AsyncIterable<Incoming>,
  signal: AbortSignal,
): AsyncGenerator<Outgoing> {
  const outbox = new Outbox();
  const talk = take(engine, whileWanted(requests, signal), (answer) => outbox.put(answer)).then(
    () => outbox.end(),
    (error: unknown) => outbox.end(Failure.from(error)),
  );
  try {
    yield* outbox.answers();
  } finally {
    // Whoever left is told by the signal; what came is kept.
    outbox.end();
    await talk;
  }
}

async function take(
  engine: UpgradeEngine,
  requests: AsyncIterable<Incoming>,
  answer: (answer: Outgoing) => void,
): Promise<void> {
  let transfer: Transfer | undefined;
  try {
    for await (const request of requests) {
      if ('start' in request) {
        if (transfer) throw bad('names an upgrade twice');
        const { upgradeId, compare, leaveOutHeld } = request.start;
        transfer = await engine.transfer(upgradeId, (durable) => answer({ durable }));
        const { position } = transfer;
        const comparing = compare && position.role === 'root';
        const indexKept = comparing && transfer.indexKept;
        const held = leaveOutHeld ? await transfer.leaveOutHeld() : [];
        answer({ resume: position, indexKept, held });
        if (indexKept) tellNeeded(await transfer.compareKept(), answer);
      } else if (!transfer) throw bad('does not begin by naming an upgrade');
      else if ('index' in request) {
        within(request.index, MOST_PIECE);
        const needed = await transfer.index(request.index);
        if (needed) tellNeeded(needed, answer);
      } else if ('operations' in request) {
        within(request.operations, MOST_OPERATIONS);
        await transfer.take(request.operations);
      } else {
        const { counters } = await engine.received(transfer);
        answer({ done: { wireBytes: counters.wire } });
        return;
      }
    }
    if (!transfer) throw bad('has no requests');
    // The caller has gone without saying that this was all: what came is kept, and it may come back.
    await engine.broke(transfer, bad('ended before the image was complete'));
  } catch (error) {
    if (transfer) await engine.broke(transfer, Failure.from(error));
    throw error;
  }
}

/** The requests, until nobody wants them any more: a caller that hangs must not keep the slot open. */
async function* whileWanted<T>(requests: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = requests[Symbol.asyncIterator]();
  for (;;) {
    signal.throwIfAborted();
    const { value, done } = await new Promise<IteratorResult<T>>((resolve, reject) => {
      const stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      iterator
        .next()
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', stop));
    });
    if (done) return;
    yield value;
  }
}

function tellNeeded(bitmap: Buffer, answer: (answer: Outgoing) => void): void {
  for (let at = 0; at < bitmap.length; at += MOST_PIECE)
    answer({ needed: bitmap.subarray(at, at + MOST_PIECE) });
}

function within(bytes: Uint8Array, most: number): void {
  if (bytes.length > most) throw bad(`has a message of ${bytes.length} bytes, where ${most} are the most`);
}

function bad(what: string): Failure {
  return new Failure('BAD_ARGUMENT', `the stream that carries the image ${what}`);
}

/** Answers on their way: a bitmap of at most 512 KiB, and a few places. */
class Outbox {
  readonly #waiting: Outgoing[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #failure: Failure | undefined;

  put(answer: Outgoing): void {
    // Of places only the last counts.
    const last = this.#waiting.at(-1);
    if (last && 'durable' in last && 'durable' in answer) this.#waiting.pop();
    this.#waiting.push(answer);
    this.#wake?.();
  }

  end(failure?: Failure): void {
    this.#ended = true;
    this.#failure ??= failure;
    this.#wake?.();
  }

  async *answers(): AsyncGenerator<Outgoing> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next) yield next;
      else if (this.#failure) throw this.#failure;
      else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
