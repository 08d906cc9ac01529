/**
 * When rows were sampled, in the time of now. Machines boot in 1970 or in the year of their last shutdown and set their clock
 * a minute later; others are set back. Rows know their time since boot, which nobody sets, and so the newest of a boot tells
 * the times of those before it. Times that come out are in order, whatever the clock did.
 *
 * - Of the running boot, now is known in both clocks, and every row is as long ago as its time since boot says.
 * - Where the clock was set back, the rows before were ahead: they move with it.
 * - Where it was set forward, the rows before keep the time that they were sampled with (a machine that was paused goes on
 *   like that) unless it is before FLOOR: then their clock was not set yet, and they move with it.
 * - A boot whose clock was never right, or ahead of the boot after it, ends just before that one begins.
 */

import type { ChunkHead } from './chunk.ts';

/** Clocks that show less were never set: this code is younger (2025-01-01, ms since the epoch). */
export const FLOOR = 1_735_689_600_000;
/** Differences of the two clocks up to this are slewing and rounding, in ms. */
const SLACK = 2_000;

/** What is known of now. */
export interface Now {
  /** ms since the epoch. */
  readonly wall: number;
  /** The running boot and ms since it, or undefined for a machine that does not say. */
  readonly boot?: { readonly id: string; readonly sinceBoot: number };
}

/** Rows of one boot: of a chunk, or of a file that is being written. */
export interface Rows extends Pick<ChunkHead, 'boot' | 'clockSet'> {
  readonly sinceBoot: Float64Array;
  readonly offsets: Float64Array;
}

/** Gives the times of rows, asked from the newest on back. */
export class Timeline {
  readonly #now: Now;
  #boot: string | undefined;
  /** The wall clock less the time since boot, in ms, as it holds for the rows that come next. */
  #offset = 0;
  /** What the next row must be earlier than. */
  #limit: number;

  constructor(now: Now) {
    this.#now = now;
    this.#limit = now.wall + 1;
  }

  /** ms since the epoch of each row, rising. Call it for the newest rows first, and then for each block that is older. */
  times(rows: Rows): Float64Array {
    const { boot, sinceBoot, offsets, clockSet } = rows;
    if (boot !== this.#boot) this.#enter(boot, sinceBoot.at(-1) ?? 0, offsets.at(-1) ?? 0);
    const times = new Float64Array(sinceBoot.length);
    for (let at = times.length - 1; at >= 0; at--) {
      const own = offsets[at] ?? 0;
      const since = sinceBoot[at] ?? 0;
      if (clockSet || at === times.length - 1)
        if (own - this.#offset <= SLACK && since + own >= FLOOR) this.#offset = own;
      this.#limit = Math.min(since + this.#offset, this.#limit - 1);
      times[at] = this.#limit;
    }
    return times;
  }

  #enter(boot: string, last: number, offset: number): void {
    // The machine was down before it booted: where it did is the offset of the boot that came after.
    if (this.#boot !== undefined) this.#limit = Math.min(this.#limit, this.#offset);
    this.#boot = boot;
    const running = this.#now.boot;
    this.#offset = running?.id === boot ? this.#now.wall - running.sinceBoot : offset;
    const end = last + this.#offset;
    if (end > this.#limit || end < Math.min(FLOOR, this.#limit)) this.#offset = this.#limit - 1 - last;
  }
}
