/** A call over the network to an agent's own health service, as anybody would make it: this one's, or a peer's. */

import type { Pair } from '../../pki/pair.ts';

/** Whom to call, and as whom. */
export interface HealthCall {
  /** "HOST:PORT", also of the kind that is listened on. */
  readonly address: string;
  /** The node that has to answer. */
  readonly node: string;
  readonly credential: () => { pair: Pick<Pair, 'key' | 'chain'>; trust: string };
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Calls it. Throws a Failure where it does not answer that it serves. */
export async function callHealth({
  address,
  node,
  credential,
  timeoutMs,
  signal,
}: HealthCall): Promise<void> {
  const { openChannel } = await import('../../proto/call/open.ts');
  const { pair, trust } = credential();
  const channel = await openChannel({
    address: reachable(address),
    expect: { kind: 'node', name: node },
    ...{ trust, credential: { chain: pair.chain, key: pair.key }, connectTimeoutMs: timeoutMs },
  });
  try {
    await channel.unary('grpc.health.v1.Health/Check', {}, { timeoutMs, ...(signal ? { signal } : {}) });
  } finally {
    channel.close();
  }
}

/** An address to dial for one to listen on: "any address" is not one that can be dialled everywhere. */
export function reachable(address: string): string {
  return address
    .replace(/^\[::\]:/, '[::1]:')
    .replace(/^0\.0\.0\.0:/, '127.0.0.1:')
    .replace(/^fd \d+, port /, 'localhost:');
}
