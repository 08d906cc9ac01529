/** One piece of work on each of many nodes: bounded concurrency, one result a node, and the failure of one stops no other. */

import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { Context } from '../context/contexts.ts';
import { type Session, text } from '../session.ts';
import { connectNode } from './connect.ts';
import type { Target } from './target.ts';

/** More connections at once gain nothing: handshakes are bound by this side's processor (docs/bench.md). */
const CONCURRENCY = 32;
/** --parallel may say otherwise, up to what a usual limit of open files allows. */
const MAX_CONCURRENCY = 500;

/** What came of a node. */
export type Result<T> = { node: string; value: T } | { node: string; failure: Failure };

/** The work on one node, over a channel that is open. */
export type Work<T> = (channel: Channel, target: Target, signal: AbortSignal) => Promise<T>;

/** What a question may use of a channel. */
export type Asking = Pick<Channel, 'unary'>;

/**
 * Asks every target by unary calls with short requests, which costs half as much as `fanOut`. Gives the results in the order of the
 * targets. Throws CANCELLED when interrupted.
 */
export async function askAll<T>(
  session: Session,
  targets: readonly Target[],
  ask: (channel: Asking, target: Target, signal: AbortSignal) => Promise<T>,
): Promise<Result<T>[]> {
  const results: Result<T>[] = [];
  for await (const result of fanOutInOrder(session, targets, ask, 'unary')) results.push(result);
  return results;
}

/** Does the work on every target and gives the results in the order of the targets. Throws CANCELLED when interrupted. */
export async function fanOut<T>(
  session: Session,
  targets: readonly Target[],
  work: Work<T>,
): Promise<Result<T>[]> {
  const results: Result<T>[] = [];
  for await (const result of fanOutInOrder(session, targets, work)) results.push(result);
  return results;
}

/**
 * The same, giving each result as soon as it and all before it are there. Leaving the loop ends what still runs.
 * Throws CANCELLED when interrupted.
 */
export async function* fanOutInOrder<T>(
  session: Session,
  targets: readonly Target[],
  work: Work<T>,
  calls?: 'unary',
): AsyncGenerator<Result<T>, void, undefined> {
  const context = await session.context();
  const stop = new AbortController();
  const signal = AbortSignal.any([session.signal, stop.signal]);
  const slots = targets.map(() => Promise.withResolvers<Result<T>>());
  const progress = new Progress(session, targets.length);
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < targets.length; at = next++) {
      const target = targets[at];
      if (target) slots[at]?.resolve(await one(session, context, target, work, signal, calls));
      progress.done();
    }
  };
  const workers = Array.from({ length: Math.min(concurrency(session), targets.length) }, worker);
  try {
    for (const slot of slots) {
      const result = await slot.promise;
      if (session.signal.aborted) throw new Failure('CANCELLED', 'interrupted');
      yield result;
    }
  } finally {
    stop.abort();
    progress.end();
    await Promise.all(workers);
  }
}

/** How many nodes are called at once: --parallel. Throws BAD_ARGUMENT. */
export function concurrency(session: Session): number {
  const given = text(session, 'parallel');
  if (given === undefined) return CONCURRENCY;
  const wanted = Number(given);
  if (wanted >= 1 && wanted <= MAX_CONCURRENCY) return wanted;
  throw new Failure('BAD_ARGUMENT', `--parallel ${given} is not from 1 to ${MAX_CONCURRENCY}`, {
    hint: `the default, ${CONCURRENCY}, is about as fast as it gets`,
  });
}

async function one<T>(
  session: Session,
  context: Context,
  target: Target,
  work: Work<T>,
  signal: AbortSignal,
  calls: 'unary' | undefined,
): Promise<Result<T>> {
  let channel: Channel | undefined;
  try {
    if (signal.aborted) throw new Failure('CANCELLED', 'interrupted before this node was called');
    const timeoutMs = text(session, 'timeout') === undefined ? undefined : session.limits().timeoutMs;
    channel = await connectNode(target, context, session.open, signal, {
      timeoutMs,
      ...(calls ? { calls } : {}),
    });
    return { node: target.name, value: await work(channel, target, signal) };
  } catch (error) {
    return { node: target.name, failure: Failure.from(error) };
  } finally {
    channel?.close();
  }
}

/** A quick command shows no progress. */
const PROGRESS_AFTER_MS = 1_000;

/** How far a slow fan-out is: one line on a terminal that is wiped away at the end. */
class Progress {
  readonly #session: Session;
  readonly #total: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #done = 0;
  #shown = false;

  constructor(session: Session, total: number) {
    this.#session = session;
    this.#total = total;
    // With data and progress on one terminal the two would run into each other.
    if (session.terminal.redraws && total > 1) {
      this.#timer = setInterval(() => this.#show(), PROGRESS_AFTER_MS);
      this.#timer.unref();
    }
  }

  done(): void {
    this.#done++;
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.#shown) this.#session.terminal.stderr.write('\r\x1b[K');
  }

  #show(): void {
    this.#shown = true;
    this.#session.terminal.stderr.write(`\r\x1b[K${this.#done} of ${this.#total} nodes have answered`);
  }
}
