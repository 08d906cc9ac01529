/**
 * Several log streams shown in time order. Each stream is in order by itself, so the earliest of their heads is the next
 * record. Without follow every stream's head is waited for, and the order is exact. With follow a stream may have nothing
 * to say: a record is shown when no other stream can still bring an earlier one (its watermark has passed), or when it
 * has waited for as long as the window; what comes later than that is shown late, and never dropped.
 */

import type { Feed, FeedItem } from './feed.ts';

/** Takes what is shown, in order. */
export interface MergeOutput {
  /** Records `from` up to, not including, `to` of a batch. */
  records(feed: Feed, batch: Extract<FeedItem, { kind: 'batch' }>['batch'], from: number, to: number): void;
  gap(feed: Feed, gap: Extract<FeedItem, { kind: 'gap' }>['gap']): void;
  /** Whether so much waits to be written that `flush` should be waited for. */
  readonly full: boolean;
  /** Writes what was taken; resolves when there is room for more. */
  flush(): Promise<void>;
}

/** How a merge runs. */
export interface MergeOptions {
  feeds: readonly Feed[];
  output: MergeOutput;
  /** How long a record may wait for earlier ones of other streams, in milliseconds; Infinity without follow. */
  windowMs: number;
  signal: AbortSignal;
  /** Milliseconds from any zero, never going back; the clock of the feeds' `arrivedMs`. */
  now: () => number;
}

/** A merge over feeds. `changed` must be called after any of them changed. */
export class Merge {
  readonly #options: MergeOptions;
  readonly #heads: Feed[] = [];
  readonly #inHeads = new Set<Feed>();
  #wake: (() => void) | undefined;
  #dirty = true;

  constructor(options: MergeOptions) {
    this.#options = options;
  }

  /** Tells that a feed changed. */
  changed(): void {
    this.#dirty = true;
    this.#wake?.();
  }

  /** Shows everything until all feeds have ended or the signal is aborted. */
  async run(): Promise<void> {
    const { feeds, output, signal } = this.#options;
    const wake = () => this.#wake?.();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        this.#dirty = false;
        await this.#showReady();
        await output.flush();
        if (this.#dirty) continue;
        if (feeds.every((feed) => feed.ended && !feed.head)) return;
        await this.#sleep();
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** Shows all that may be shown now. */
  async #showReady(): Promise<void> {
    const { output, signal, now } = this.#options;
    this.#collectHeads();
    let limit = this.#limit();
    while (!signal.aborted) {
      const feed = this.#heads[0];
      const head = feed?.head;
      if (!feed || !head) return;
      const early = !within(feed.headTime, feed.order, limit);
      if (early && !this.#expired(now())) return;
      if (head.kind === 'gap') {
        output.gap(feed, head.gap);
        feed.pass(0);
      } else {
        const to = this.#runEnd(feed, head.batch.times, early ? NO_LIMIT : limit);
        output.records(feed, head.batch, feed.index, to);
        feed.pass(to);
      }
      if (output.full) await output.flush();
      const drained = !feed.head;
      this.#sink(drained);
      if (drained || this.#dirty) {
        this.#dirty = false;
        this.#collectHeads();
        limit = this.#limit();
      }
    }
  }

  /** How far a feed's head may be shown in one go: up to the next feed's head, and to the limit. */
  #runEnd(feed: Feed, times: Float64Array, limit: Limit): number {
    const [, left, right] = this.#heads;
    const rival = left && right ? (before(left, right) ? left : right) : (left ?? right);
    const rivalTime = rival ? rival.headTime : Infinity;
    const first = rival !== undefined && rival.order < feed.order;
    let to = feed.index + 1;
    while (to < times.length) {
      const time = times[to] as number;
      if (!within(time, feed.order, limit) || time > rivalTime || (time === rivalTime && first)) break;
      to += 1;
    }
    return to;
  }

  /** Up to where records may be shown: what feeds without a head may still bring is not before it. */
  #limit(): Limit {
    const follow = this.#options.windowMs !== Infinity;
    let limit = NO_LIMIT;
    for (const { head, ended, lost, lowTime, order } of this.#options.feeds)
      if (!head && !ended && !(follow && lost) && within(lowTime, order, limit))
        limit = { time: lowTime, order };
    return limit;
  }

  /** Whether a record has waited for the whole window. */
  #expired(now: number): boolean {
    const since = now - this.#options.windowMs;
    return this.#heads.some((feed) => (feed.head?.arrivedMs ?? Infinity) <= since);
  }

  async #sleep(): Promise<void> {
    const { windowMs, now } = this.#options;
    const oldest = Math.min(...this.#heads.map((feed) => feed.head?.arrivedMs ?? Infinity));
    const waitMs = oldest + windowMs - now();
    await new Promise<void>((resolve) => {
      const timer = Number.isFinite(waitMs) ? setTimeout(resolve, Math.max(1, waitMs)) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.#dirty || this.#options.signal.aborted) this.#wake();
    });
    this.#wake = undefined;
  }

  /** Takes the feeds that have a head since the last look into the heap. */
  #collectHeads(): void {
    for (const feed of this.#options.feeds)
      if (feed.head && !this.#inHeads.has(feed)) {
        this.#inHeads.add(feed);
        this.#heads.push(feed);
        this.#rise(this.#heads.length - 1);
      }
  }

  /** The top of the heap has moved on: sinks to its place, or leaves when it has nothing more. */
  #sink(drained: boolean): void {
    const heap = this.#heads;
    if (drained) {
      this.#inHeads.delete(heap[0] as Feed);
      const last = heap.pop() as Feed;
      if (heap.length === 0) return;
      heap[0] = last;
    }
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (left < heap.length && before(heap[left] as Feed, heap[least] as Feed)) least = left;
      if (right < heap.length && before(heap[right] as Feed, heap[least] as Feed)) least = right;
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least] as Feed, heap[at] as Feed];
      at = least;
    }
  }

  #rise(from: number): void {
    const heap = this.#heads;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(heap[at] as Feed, heap[parent] as Feed)) return;
      [heap[at], heap[parent]] = [heap[parent] as Feed, heap[at] as Feed];
      at = parent;
    }
  }
}

/** A place in the order of the merge: records before it may be shown. */
interface Limit {
  time: number;
  order: number;
}

const NO_LIMIT: Limit = { time: Infinity, order: Infinity };

function within(time: number, order: number, limit: Limit): boolean {
  return time < limit.time || (time === limit.time && order < limit.order);
}

function before(a: Feed, b: Feed): boolean {
  const left = a.headTime;
  const right = b.headTime;
  return left < right || (left === right && a.order < b.order);
}
