/**
 * Confirmation by a quorum: enough of the named peers must see the node. A node that can call out says little; what an upgrade
 * breaks is often that nobody can call it. So each peer is asked to call back, over mutual TLS and to the node's own name. A peer
 * counts once, whatever addresses it has, and the node itself never does. Peers are trusted to tell the truth: a quorum is a
 * protection against faults, not against nodes that were taken over.
 */

import { sleep } from '../../../proto/sleep.ts';
import type { Sight } from '../hooks.ts';

/** Between two rounds of questions to those that have not seen the node yet. */
const ASK_AGAIN_MS = 5_000;
const ASK_MS = 15_000;

/** What a peer says. */
export interface PeerAnswer {
  /** The peer's name. */
  readonly node: string;
  readonly seen: boolean;
  /** Why it does not see the node; empty where it does. */
  readonly why: string;
}

/** What asking takes. */
export interface PeerSightParts {
  /** The node's own name. */
  readonly node: string;
  /** Asks the peer at an address to call back. Rejects where it does not answer. */
  readonly ask: (address: string, signal: AbortSignal) => Promise<PeerAnswer>;
  /** Between two rounds, in place of 5 s. */
  readonly askAgainMs?: number;
}

/** Whether peers see the node. */
export class PeerSight {
  readonly #parts: PeerSightParts;
  /** Why each peer does not see the node, by its address. */
  readonly #said = new Map<string, string>();

  constructor(parts: PeerSightParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when so many different peers have seen the node.
   * @param peers addresses, "HOST:PORT"
   * @param told after each round of questions how far it is
   * @throws for an abort alone
   */
  async seen(
    peers: readonly string[],
    needed: number,
    signal: AbortSignal,
    told: (sight: Sight) => void = () => undefined,
  ): Promise<void> {
    const { askAgainMs = ASK_AGAIN_MS } = this.#parts;
    const names = new Set<string>();
    const done = new Set<string>();
    this.#said.clear();
    for (;;) {
      signal.throwIfAborted();
      const open = peers.filter((peer) => !done.has(peer));
      await Promise.all(
        open.map(async (peer) => {
          const name = await this.#ask(peer, signal);
          if (name === undefined) return;
          done.add(peer);
          names.add(name);
        }),
      );
      signal.throwIfAborted();
      if (names.size >= needed) return;
      const unseen = peers
        .filter((peer) => !done.has(peer))
        .map((peer) => `${peer}: ${this.#said.get(peer)}`);
      told({ seen: names.size, unseen });
      await sleep(askAgainMs, signal);
    }
  }

  /** The name of a peer that sees the node, or undefined. */
  async #ask(peer: string, signal: AbortSignal): Promise<string | undefined> {
    const { ask, node } = this.#parts;
    try {
      const answer = await ask(peer, AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]));
      const counts = answer.seen && answer.node !== node;
      const why = answer.node === node ? 'it is this node itself' : `${answer.node} does not: ${answer.why}`;
      if (!counts) this.#said.set(peer, why);
      return counts ? answer.node : undefined;
    } catch (error) {
      this.#said.set(peer, `it does not answer: ${(error as Error).message}`);
      return undefined;
    }
  }
}
