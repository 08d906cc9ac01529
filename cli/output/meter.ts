/** How fast something goes and how long it will still take: from its last seconds, since links and disks change their pace. */

/** What the rate is taken over. */
const WINDOW_MS = 5_000;

/** Watches a count that grows. */
export class Meter {
  readonly #now: () => number;
  #samples: { at: number; done: number }[] = [];

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Takes a count; one that falls begins anew. */
  add(done: number): void {
    const at = this.#now();
    const last = this.#samples.at(-1);
    if (last && done < last.done) this.#samples = [];
    this.#samples.push({ at, done });
    // The last one before the window stays, so that it is always spanned.
    while ((this.#samples[1]?.at ?? at) <= at - WINDOW_MS) this.#samples.shift();
  }

  /** A second's growth, or undefined before there are two samples that are apart. */
  get perSecond(): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.at === first.at) return undefined;
    return ((last.done - first.done) * 1_000) / (last.at - first.at);
  }

  /** Milliseconds until the count reaches a total at this pace, or undefined where it does not move. */
  leftMs(total: number): number | undefined {
    const { perSecond } = this;
    const done = this.#samples.at(-1)?.done ?? 0;
    if (!perSecond || total <= done) return undefined;
    return ((total - done) * 1_000) / perSecond;
  }
}
