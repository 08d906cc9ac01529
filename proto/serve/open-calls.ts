/** The calls that are open now: the bounds on their number, and ending those of one caller or all. */

import { Failure } from '../failure.ts';
import type { ServerCall } from './call.ts';
import type { Caller } from './handlers.ts';

/** The open calls of one server. */
export class OpenCalls {
  readonly #most: number;
  readonly #mostPerCaller: number;
  readonly #calls = new Set<ServerCall>();
  readonly #perCaller = new Map<string, number>();
  #emptied: (() => void) | undefined;

  /**
   * @param most open calls in all
   * @param mostPerCaller open calls of one identity
   */
  constructor(most: number, mostPerCaller: number) {
    this.#most = most;
    this.#mostPerCaller = mostPerCaller;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** The calls that are open at this moment. */
  all(): ServerCall[] {
    return [...this.#calls];
  }

  /** Counts a call of a known caller in. Throws TOO_MANY_STREAMS where a bound is reached. */
  add(call: ServerCall): void {
    const key = callerKey(call);
    const open = this.#perCaller.get(key) ?? 0;
    if (open >= this.#mostPerCaller || this.#calls.size >= this.#most)
      throw new Failure(
        'TOO_MANY_STREAMS',
        open >= this.#mostPerCaller
          ? `you have ${open} open calls here, which is the most that one caller may have`
          : `there are ${this.#calls.size} open calls here, which is the most that are taken`,
        { hint: 'wait until some have ended' },
      );
    this.#calls.add(call);
    this.#perCaller.set(key, open + 1);
  }

  /** Counts a call out. A call that was never counted in is no matter. */
  remove(call: ServerCall): void {
    if (!this.#calls.delete(call)) return;
    const key = callerKey(call);
    const open = (this.#perCaller.get(key) ?? 1) - 1;
    if (open > 0) this.#perCaller.set(key, open);
    else this.#perCaller.delete(key);
    if (this.#calls.size === 0) this.#emptied?.();
  }

  /** Ends the calls that a test picks, and says how many. */
  end(picks: (caller: Caller, call: ServerCall) => boolean, failure: Failure): number {
    const picked = [...this.#calls].filter((call) => picks(call.identity, call));
    for (const call of picked) call.stop(failure);
    return picked.length;
  }

  /** Resolves when no call is open, or after a time limit in milliseconds, and says whether none was left. */
  empty(limitMs: number): Promise<boolean> {
    if (this.#calls.size === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), limitMs);
      this.#emptied = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}

/** Where nobody has an identity the address counts, without its port. */
function callerKey(call: ServerCall): string {
  return call.identity.uri || call.peer.replace(/:\d+$/, '');
}
