/** Waiting for a node that takes an image, and giving it up where it is heard and never gets on. */

import { Failure } from '../../proto/failure.ts';
import type { Place } from './send-image.ts';

/** How long a node that has something to do may tell nothing new: it flushes every two seconds, and a disk may be slow. */
const STALL_MS = 10 * 60_000;

/** One wait after the other. */
export class NodeWait {
  readonly #ending = new AbortController();
  readonly #stallMs: number;
  #timer: NodeJS.Timeout | undefined;
  #waiting: { what: string; ms: number } | undefined;
  #durable: Place | undefined;
  #isOver = false;

  /** @param stallMs how long the node may tell nothing new, in place of ten minutes */
  constructor(stallMs = STALL_MS) {
    this.#stallMs = stallMs;
  }

  /** Aborted with a Failure UPGRADE_STALLED where the node did not get on. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** The node is waited for from now on. @param what it has to do, as "say …"; `moreMs` that takes it longer */
  for(what: string, moreMs = 0): void {
    this.#waiting = { what, ms: this.#stallMs + moreMs };
    this.#begin();
  }

  /** The node got on: everything before a place is on its disk. */
  durable(place: Place): void {
    this.#durable = place;
    if (this.#waiting) this.#begin();
  }

  /** It is not the node that is waited for. */
  rest(): void {
    clearTimeout(this.#timer);
    this.#waiting = undefined;
  }

  /** Nothing is waited for any more, whatever is still being read for a stream that has ended. */
  end(): void {
    this.rest();
    this.#isOver = true;
  }

  #begin(): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#timer = setTimeout(() => this.#stalled(), this.#waiting?.ms);
  }

  #stalled(): void {
    const { what = '', ms = 0 } = this.#waiting ?? {};
    const has = this.#durable
      ? `the last that it has on its disk is byte ${this.#durable.offset} of the ${this.#durable.role}`
      : 'it never told of anything that it has on its disk';
    this.#ending.abort(
      new Failure(
        'UPGRADE_STALLED',
        `the node is connected, and for ${Math.round(ms / 1_000)} seconds it did not ${what}; ${has}`,
        {
          hint: 'does its disk stand still? nodectl dmesg --level err; the same command goes on, nodectl upgrade abort ends it',
        },
      ),
    );
  }
}
