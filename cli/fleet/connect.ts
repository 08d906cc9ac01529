/** A channel to a node: its addresses in their order, each verified against the node's name. */

import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import type { Context } from '../context/contexts.ts';
import type { OpenChannel } from '../session.ts';
import type { Target } from './target.ts';

/** Reasons for which another address of the same node may do better. */
const TRY_NEXT = new Set([
  'CONNECTION_REFUSED',
  'CONNECT_TIMEOUT',
  'DNS_FAILED',
  'HOST_UNREACHABLE',
  'NOT_A_NODECTL_AGENT',
  'WRONG_NODE',
  'WRONG_CA',
]);

/** Opens a channel to a node. Throws the failure of its first address where none answers as that node. */
export async function connectNode(
  target: Target,
  context: Pick<Context, 'trust' | 'credential'>,
  open: OpenChannel,
  signal: AbortSignal,
): Promise<Channel> {
  let first: Failure | undefined;
  for (const address of target.addresses) {
    try {
      const { trust, credential } = context;
      return await open({ address, expect: { kind: 'node', name: target.name }, trust, credential }, signal);
    } catch (error) {
      const failure = Failure.from(error);
      first ??= failure;
      if (!TRY_NEXT.has(failure.reason)) throw failure;
    }
  }
  throw first ?? new Failure('BAD_CONFIG', `the node ${target.name} has no address`);
}
