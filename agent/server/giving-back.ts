/**
 * When memory outside of V8's heap is given back: the C library's with every collection, pages of the program once after the start
 * and then after work that has brought many of them. It is a saving and nothing else: where it is not possible, the log says so
 * once, and the agent goes on with what it has.
 */

import type { Log } from '../../proto/serve/log.ts';
import type { OwnMemory } from '../host/own-memory.ts';

/** So many bytes of pages that have come are worth some ten milliseconds. */
const GROWN_BYTES = 16 << 20;
/** Not more often than this, in milliseconds: pages that come back each time are in use. */
const EVERY_MS = 2 * 60_000;

/** Gives memory back for an agent. */
export class GivingBack {
  readonly #log: Log;
  readonly #open: () => OwnMemory;
  readonly #now: () => number;
  #memory: OwnMemory | undefined;
  #over = false;
  #gaveAt = Number.NEGATIVE_INFINITY;
  /** What was resident afterwards. */
  #left = 0;

  /**
   * @param open ownMemory() of agent/host/own-memory.ts; called when there is something to give back for the first time
   * @param now milliseconds by a clock that nobody sets
   */
  constructor(log: Log, open: () => OwnMemory, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#open = open;
    this.#now = now;
  }

  /**
   * Gives pages of the program back, where it is time, and says whether it did. Before a collection, which then takes what the reading
   * of mappings leaves.
   */
  before(): boolean {
    const gaveAt = this.#gaveAt;
    this.#attempt((memory) => {
      const now = this.#now();
      if (now - this.#gaveAt < EVERY_MS) return;
      const resident = memory.fileBytes();
      if (resident === undefined || resident - this.#left < GROWN_BYTES) return;
      const given = memory.givePages();
      this.#gaveAt = now;
      this.#left = memory.fileBytes() ?? 0;
      const fields = { ...given, residentBytes: resident, leftBytes: this.#left };
      this.#log.debug(fields, 'pages of the program were given back');
    });
    return this.#gaveAt !== gaveAt;
  }

  /** Gives back what the C library keeps of what was freed. */
  after(): void {
    this.#attempt((memory) => memory.trim());
  }

  #attempt(give: (memory: OwnMemory) => void): void {
    if (this.#over) return;
    try {
      this.#memory ??= this.#open();
      give(this.#memory);
    } catch (err) {
      this.#over = true;
      this.#log.debug({ err }, 'no memory is given back from now on');
    }
  }
}
