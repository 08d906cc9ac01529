/** A node that was not reached: it is asked again, for a while, since its link may come back, or it is being started. */

import { Failure } from '../../proto/failure.ts';
import { sleep } from '../../proto/sleep.ts';
import { notReached } from '../fleet/not-reached.ts';

/** It is asked again for so long without having got on, and so often. */
const [MOST_MS, AGAIN_MS] = [10 * 60_000, 1_000];

/** One node's absences. */
export class Away {
  readonly #signal: AbortSignal;
  readonly #told: { silent(milliseconds: number, failure: Failure): void };
  #since: number | undefined;

  /** @param told hears how long it has been away, and what the last attempt said */
  constructor(signal: AbortSignal, told: { silent(milliseconds: number, failure: Failure): void }) {
    this.#signal = signal;
    this.#told = told;
  }

  /** It has got on. */
  isBack(): void {
    this.#since = undefined;
  }

  /** Waits until it may be asked again. @throws Failure the given one, where it is no absence, or has lasted for too long */
  async after(error: unknown): Promise<void> {
    const failure = Failure.from(error);
    if (this.#signal.aborted || !notReached(failure)) throw failure;
    this.#since ??= Date.now();
    const away = Date.now() - this.#since;
    if (away > MOST_MS) throw failure;
    this.#told.silent(away, failure);
    await sleep(AGAIN_MS, this.#signal);
  }
}
