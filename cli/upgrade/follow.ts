/** Following an upgrade on a node to its end, through broken connections and the node's own reboot. */

import { backoffDelay } from '../../proto/backoff.ts';
import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { Upgrade__Output as Upgrade } from '../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { sleep } from '../../proto/sleep.ts';
import type { Context } from '../context/contexts.ts';
import { connectNode } from '../fleet/connect.ts';
import { notReached } from '../fleet/not-reached.ts';
import type { Target } from '../fleet/target.ts';
import type { Session } from '../session.ts';
import { NoNews } from './no-news.ts';
import { hasEnded } from './words.ts';

/** Between two attempts to reach a node. */
const AGAIN = { firstMs: 200, longestMs: 1_500 };
const CONNECT_MS = 5_000;
/**
 * How long a node may not answer after the time at which it should have decided by itself: servers take up to ten minutes
 * through their firmware's self-test, and fall-back takes the tries of the new slot and one more boot.
 */
const SILENCE_MS = 30 * 60_000;

/** What is told while an upgrade is followed. */
export interface Followed {
  /** Called with each news of the node. */
  upgrade(upgrade: Upgrade): void;
  /** The node does not answer, for so many milliseconds; and what the last attempt said. */
  silent(milliseconds: number, failure: Failure): void;
}

/** What to follow. */
export interface Follow {
  readonly target: Target;
  /** The upgrade, or empty for the one that runs, else the last. */
  readonly id: string;
  readonly told: Followed;
  /** Ends the following beside the session's own signal. */
  readonly signal?: AbortSignal;
  /** When to stop besides at its end; by default where an operator is waited for. */
  readonly until?: (upgrade: Upgrade) => boolean;
  /** Whether this process sends the node its image at the moment, which has a bound of its own. */
  readonly sending?: () => boolean;
  /** How long the node may answer and tell nothing new, in place of ten minutes. */
  readonly quietMs?: number;
}

/**
 * Follows an upgrade until it has ended or `until` holds, and gives how it stands then; undefined where there is none.
 * @throws Failure UPGRADE_NO_ANSWER where the node stays silent, UPGRADE_STALLED where it answers and gets nowhere, CANCELLED, or what
 *   the node refuses the call with
 */
export async function followUpgrade(session: Session, follow: Follow): Promise<Upgrade | undefined> {
  const { target, told, until = ({ needsOperator }) => needsOperator } = follow;
  const context = await session.context();
  const news = new NoNews(target.name, follow.sending ?? (() => false), follow.quietMs);
  const signal = AbortSignal.any([session.signal, news.signal, ...(follow.signal ? [follow.signal] : [])]);
  let { id } = follow;
  let silentSince: number | undefined;
  let attempts = 0;
  for (;;) {
    let failure: Failure | undefined;
    let isTold = false;
    try {
      for await (const upgrade of watch(session, context, target, id, signal)) {
        [silentSince, attempts, isTold] = [undefined, 0, true];
        if (!upgrade) return undefined;
        // Whatever begins later is another upgrade.
        id = upgrade.id;
        told.upgrade(upgrade);
        if (hasEnded(upgrade) || until(upgrade)) return upgrade;
        news.heard(upgrade);
      }
    } catch (error) {
      failure = Failure.from(error);
    } finally {
      news.rest();
    }
    if (news.signal.aborted) throw news.signal.reason;
    if (signal.aborted) throw new Failure('CANCELLED', 'interrupted');
    if (failure && !notReached(failure)) throw failure;
    // A node that was never upgraded has nothing to tell, and says that by the end of the stream.
    if (!failure && !isTold && id === '') return undefined;
    silentSince ??= Date.now();
    const silent = Date.now() - silentSince;
    if (failure) told.silent(silent, failure);
    if (silent > SILENCE_MS)
      throw new Failure(
        'UPGRADE_NO_ANSWER',
        `${target.name} has not answered for ${Math.round(silent / 60_000)} minutes: ${failure?.message ?? 'the stream ended'}`,
        {
          hint: 'look at its console; nodectl upgrade status -w goes on following it',
          cause: failure,
        },
      );
    await sleep(backoffDelay(AGAIN, ++attempts, Math.random()), signal);
  }
}

async function* watch(
  session: Session,
  context: Context,
  target: Target,
  upgradeId: string,
  signal: AbortSignal,
): AsyncGenerator<Upgrade | null, void, undefined> {
  let channel: Channel | undefined;
  try {
    channel = await connectNode(target, context, session.open, signal, { timeoutMs: CONNECT_MS });
    for await (const { upgrade } of channel.serverStream(
      'nodectl.v1.UpgradeService/WatchUpgrade',
      { upgradeId },
      { signal },
    ))
      yield upgrade;
  } finally {
    channel?.close();
  }
}
