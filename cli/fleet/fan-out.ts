/** One piece of work on each of many nodes: bounded concurrency, one result a node, and the failure of one stops no other. */

import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { Session } from '../session.ts';
import { connectNode } from './connect.ts';
import type { Target } from './target.ts';

/** More connections at once gain nothing: handshakes are bound by this side's processor. */
export const CONCURRENCY = 32;

/** What came of a node. */
export type Result<T> = { node: string; value: T } | { node: string; failure: Failure };

/** The work on one node, over a channel that is open. */
export type Work<T> = (channel: Channel, target: Target, signal: AbortSignal) => Promise<T>;

/** Does the work on every target and gives the results in the order of the targets. */
export async function fanOut<T>(
  session: Session,
  targets: readonly Target[],
  work: Work<T>,
): Promise<Result<T>[]> {
  const results: Result<T>[] = new Array(targets.length);
  for await (const { index, result } of inflight(session, targets, work)) results[index] = result;
  return results;
}

/** The same, giving each result as soon as it is there. */
async function* inflight<T>(
  session: Session,
  targets: readonly Target[],
  work: Work<T>,
): AsyncGenerator<{ index: number; result: Result<T> }> {
  const context = await session.context();
  const running = new Map<number, Promise<{ index: number; result: Result<T> }>>();
  const start = (index: number, target: Target) => {
    running.set(
      index,
      one(session, context, target, work).then((result) => ({ index, result })),
    );
  };
  let next = 0;
  while (next < targets.length || running.size > 0) {
    while (next < targets.length && running.size < CONCURRENCY) {
      const target = targets[next];
      if (target) start(next, target);
      next++;
    }
    const done = await Promise.race(running.values());
    running.delete(done.index);
    yield done;
  }
}

async function one<T>(
  session: Session,
  context: Awaited<ReturnType<Session['context']>>,
  target: Target,
  work: Work<T>,
): Promise<Result<T>> {
  let channel: Channel | undefined;
  try {
    if (session.signal.aborted) throw new Failure('CANCELLED', 'interrupted before this node was called');
    channel = await connectNode(target, context, session.open, session.signal);
    return { node: target.name, value: await work(channel, target, session.signal) };
  } catch (error) {
    return { node: target.name, failure: Failure.from(error) };
  } finally {
    channel?.close();
  }
}
