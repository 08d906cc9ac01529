/**
 * A quorum of peers: the node calls each over mutual TLS. One that answers has seen it, its certificate and its clock; and the way
 * there and back is one that calls can take.
 */

import { sleep } from '../../proto/sleep.ts';

/** Between two rounds of calls to those that have not answered yet. */
const AGAIN_MS = 5_000;

/**
 * Resolves when so many peers have answered, each once.
 * @param call rejects where a peer does not answer
 * @throws for an abort alone
 */
export async function seenByPeers(
  call: (address: string, signal: AbortSignal) => Promise<void>,
  peers: readonly string[],
  needed: number,
  signal: AbortSignal,
  againMs = AGAIN_MS,
): Promise<void> {
  const seen = new Set<string>();
  for (;;) {
    signal.throwIfAborted();
    const missing = peers.filter((peer) => !seen.has(peer));
    const rounds = missing.map((peer) => call(peer, signal).then(() => seen.add(peer)));
    await Promise.allSettled(rounds);
    if (seen.size >= needed) return;
    await sleep(againMs, signal);
  }
}
