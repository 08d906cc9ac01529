/** One call on one node over a connection of its own, for those who ask again after a connection broke; fleets go through fan-out. */

import type { Channel } from '../../proto/call/channel.ts';
import type { Session } from '../session.ts';
import { connectNode } from './connect.ts';
import type { Target } from './target.ts';

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
