/** Nodes that call each other, with their own certificates: to ask a peer to call back, and to call back. */

import type { Pair } from '../../pki/pair.ts';
import { addressText, splitAddress } from '../../proto/address.ts';
import { openChannel } from '../../proto/call/open.ts';
import { Failure } from '../../proto/failure.ts';
import type { ServiceHandlers } from '../../proto/serve/handlers.ts';
import type { PeerAnswer } from '../upgrade/health/confirm.ts';
import { callHealth } from './health-call.ts';

/** Who calls, and with what. */
export interface PeerCaller {
  readonly node: string;
  readonly credential: () => { pair: Pick<Pair, 'key' | 'chain'>; trust: string };
}

/** A call back is part of a call of the peer's, and has to end before that is given up. */
const BACK_MS = 4_000;
const ASK_MS = 10_000;

/** What the service that calls back does. */
export function peerService(caller: PeerCaller): ServiceHandlers<'nodectl.v1.PeerService'> {
  return {
    CallBack: async ({ port }, { identity, peer, signal }) => {
      if (!(port >= 1 && port <= 65_535))
        throw new Failure('BAD_ARGUMENT', `${port} is not a port`, { hint: 'the port is 1 to 65535' });
      const { host } = splitAddress(peer);
      const why = await callBack(caller, addressText({ host, port }), identity.name, signal);
      return { node: caller.node, seen: why === '', why };
    },
  };
}

/**
 * Asks the peer at an address to call this node back.
 * @param port where this node listens
 * @throws Failure where the peer does not answer
 */
export async function askPeer(
  { credential }: PeerCaller,
  address: string,
  port: number,
  signal: AbortSignal,
): Promise<PeerAnswer> {
  const { pair, trust } = credential();
  const channel = await openChannel(
    {
      ...{ address, expect: { kind: 'node' }, trust, credential: { chain: pair.chain, key: pair.key } },
      connectTimeoutMs: BACK_MS,
    },
    signal,
  );
  try {
    const { node, seen, why } = await channel.unary(
      'nodectl.v1.PeerService/CallBack',
      { port },
      { timeoutMs: ASK_MS, signal },
    );
    return { node, seen, why };
  } finally {
    channel.close();
  }
}

/** Empty where a node of this name answers at an address; else why not. */
async function callBack(
  { credential }: PeerCaller,
  address: string,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    await callHealth({ address, node: name, credential, timeoutMs: BACK_MS, signal });
    return '';
  } catch (error) {
    const { reason, message } = Failure.from(error);
    // A node may not ask for another's health. To be told so is an answer of an agent that serves.
    return reason === 'PERMISSION_DENIED' ? '' : message;
  }
}
