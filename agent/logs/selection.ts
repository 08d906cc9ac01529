/** The conditions on single records that every source checks in the same way. */

import type { Matcher } from './pattern.ts';
import { NO_PRIORITY, type ReadOptions } from './types.ts';

/** Conditions on time, priority and message. */
export class Selection {
  readonly matcher: Matcher | undefined;
  readonly #sinceUsec: number;
  readonly #untilUsec: number;
  readonly #priorityMask: number;
  /** Whether there is no condition at all. */
  readonly everything: boolean;
  /** Whether the only condition is on the message. */
  readonly messageOnly: boolean;
  /** Whether a record was looked at for its priority that has one, and whether one that has none. */
  readonly #seen = { ranked: false, unranked: false };

  constructor(options: Pick<ReadOptions, 'matcher' | 'sinceUsec' | 'untilUsec' | 'priorityMask' | 'cursor'>) {
    this.matcher = options.matcher;
    // A cursor says where to go on; the time to begin at was for the first read.
    this.#sinceUsec = options.cursor === undefined ? options.sinceUsec : 0;
    this.#untilUsec = options.untilUsec === 0 ? Number.POSITIVE_INFINITY : options.untilUsec;
    this.#priorityMask = options.priorityMask;
    this.messageOnly = this.#sinceUsec === 0 && options.untilUsec === 0 && options.priorityMask === 0;
    this.everything = this.messageOnly && this.matcher === undefined;
  }

  /** Whether time and priority are as wanted. */
  admits(usec: number, priority: number): boolean {
    if (this.#priorityMask !== 0) this.#seen[priority === NO_PRIORITY ? 'unranked' : 'ranked'] = true;
    if (usec < this.#sinceUsec || usec >= this.#untilUsec) return false;
    if (this.#priorityMask === 0) return true;
    return priority !== NO_PRIORITY && ((this.#priorityMask >> priority) & 1) === 1;
  }

  /** Whether priorities were asked for and none of the records that were looked at has one: no answer is the answer to that. */
  get isWithoutPriorities(): boolean {
    return this.#seen.unranked && !this.#seen.ranked;
  }

  /** Whether the message bytes[start..end) is as wanted. */
  matches(bytes: Buffer, start: number, end: number): boolean {
    return this.matcher === undefined || this.matcher.test(bytes, start, end);
  }
}
