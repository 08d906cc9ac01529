/** One call on one node over a connection of its own, for those who ask again after a connection broke; fleets go through fan-out. */

import type { Channel } from '../../proto/call/channel.ts';
import type { Failure } from '../../proto/failure.ts';
import type { Reason } from '../../proto/reasons.ts';
import type { Session } from '../session.ts';
import { connectNode } from './connect.ts';
import type { Target } from './target.ts';

/**
 * Reasons of a node that was not reached, or that went away. Not their gRPC statuses: a registry that an image is read from while it
 * is sent, a cluster, or the disk of a node that has answered are UNAVAILABLE as well.
 */
const AGAIN: ReadonlySet<Reason> = new Set([
  'CONNECTION_LOST',
  'CONNECTION_REFUSED',
  'CONNECT_TIMEOUT',
  'DEADLINE_EXCEEDED',
  'DNS_FAILED',
  'DRAINING',
  'HOST_UNREACHABLE',
  'NOT_A_NODECTL_AGENT',
]);

/** Whether a node was not reached, so that asking again may help. What a node has answered does not change by asking again. */
export function notReached(failure: Failure): boolean {
  return AGAIN.has(failure.reason);
}

/** Connects to a node, does the work, and closes the connection. Throws the failure of either. */
export async function withNode<T>(
  session: Session,
  target: Target,
  work: (channel: Channel) => Promise<T>,
  signal = session.signal,
): Promise<T> {
  const channel = await connectNode(target, await session.context(), session.open, signal);
  try {
    return await work(channel);
  } finally {
    channel.close();
  }
}
