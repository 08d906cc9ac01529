/**
 * A stream's events on their way into a merge. A feed reads ahead by two batches and then lets its stream wait, which
 * HTTP/2's flow control carries to the node: memory stays bounded and the source is read no faster than it is shown.
 */

import { Failure } from '../../proto/failure.ts';
import type { RecordBatch } from './batch.ts';
import type { Gap } from './events.ts';
import type { StreamEvent } from './stream.ts';

/** How many batches a feed holds where it is not told otherwise. One is shown while the next is on its way. */
const READ_AHEAD = 2;

/** A batch or a gap that waits to be shown. */
export type FeedItem =
  | { kind: 'batch'; batch: RecordBatch; arrivedMs: number }
  | { kind: 'gap'; gap: Gap; arrivedMs: number };

/** One stream of one node in a merge. */
export class Feed {
  readonly node: string;
  /** The source as it was asked for; empty for the default. */
  readonly asked: string;
  /** The source's full name, known when the stream has started. */
  source: string;
  /** Its place among the feeds: records of the same time come in this order. */
  readonly order: number;
  /** Why it ended, where it did not end well. */
  failure: Failure | undefined;
  /** Whether the node is away at the moment. */
  lost = false;
  /** Whether the node was ever there. */
  opened = false;
  /** The cursor behind what was shown and behind what the node said would not be followed by anything older. */
  #cursor: string;
  #shown: { batch: RecordBatch; index: number } | undefined;
  #low = -Infinity;
  #queue: FeedItem[] = [];
  #index = 0;
  #ended = false;
  #room: (() => void) | undefined;
  #watermark = '';
  /** What was said of a source that may be read in part only. */
  #notPermitted: string | undefined;
  #stopped = false;

  readonly #readAhead: number;

  constructor(where: { node: string; asked: string; order: number; cursor: string; readAhead?: number }) {
    this.node = where.node;
    this.asked = where.asked;
    this.source = where.asked;
    this.order = where.order;
    this.#cursor = where.cursor;
    this.#readAhead = where.readAhead ?? READ_AHEAD;
  }

  /** The first thing that waits, or undefined. */
  get head(): FeedItem | undefined {
    return this.#queue[0];
  }

  /** The first record of the head that was not shown yet. */
  get index(): number {
    return this.#index;
  }

  /** Whether nothing will come any more. What waits may still be shown. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The time by which the head is merged, in µs. A gap belongs right behind what came before it. */
  get headTime(): number {
    const head = this.#queue[0];
    return head?.kind === 'batch' ? (head.batch.times[this.#index] as number) : -Infinity;
  }

  /** Nothing before this time will come, as far as it is known, in µs. */
  get lowTime(): number {
    return this.#low;
  }

  /** The cursor to resume behind what was shown, or empty. */
  get cursor(): string {
    if (this.#shown) this.#cursor = this.#shown.batch.cursor(this.#shown.index);
    this.#shown = undefined;
    return this.#cursor;
  }

  /** Moves on behind records, up to an index, or behind the gap, that were shown. */
  pass(to: number): void {
    const head = this.#queue[0];
    if (!head) return;
    if (head.kind === 'batch') {
      this.#shown = { batch: head.batch, index: to - 1 };
      this.#index = to;
      if (to < head.batch.count) return;
    }
    this.#queue.shift();
    this.#index = 0;
    if (this.#queue.length === 0 && this.#watermark) this.#settle(this.#watermark);
    const room = this.#room;
    this.#room = undefined;
    room?.();
  }

  /**
   * Reads the stream until it ends; never throws.
   * @param told called after anything changed, with the connection's news where there are some
   */
  async pump(
    stream: AsyncIterable<StreamEvent>,
    told: (news?: Extract<StreamEvent, { kind: 'lost' | 'back' | 'end' }>) => void,
    now: () => number,
  ): Promise<void> {
    try {
      for await (const event of stream) {
        if (event.kind === 'start') {
          this.source = event.source || this.source;
          this.lost = false;
          this.opened = true;
        } else if (event.kind === 'batch') {
          if (event.batch.count === 0) continue;
          // Looked at here so that a malformed batch ends this stream alone and not the whole merge.
          void event.batch.ends;
          this.#low = event.batch.times[event.batch.count - 1] as number;
          this.#watermark = '';
          this.#queue.push({ kind: 'batch', batch: event.batch, arrivedMs: now() });
        } else if (event.kind === 'gap') {
          // A stream that was opened again begins with what it began with before.
          if (event.gap.cause === 'NOT_PERMITTED' && event.gap.detail === this.#notPermitted) continue;
          if (event.gap.cause === 'NOT_PERMITTED') this.#notPermitted = event.gap.detail;
          this.#queue.push({ kind: 'gap', gap: event.gap, arrivedMs: now() });
        } else if (event.kind === 'watermark') {
          this.#low = Math.max(this.#low, event.timeUsec);
          this.#mark(event.cursor);
        } else if (event.kind === 'end') this.#mark(event.cursor);
        else this.lost = event.kind === 'lost';
        told(event.kind === 'lost' || event.kind === 'back' || event.kind === 'end' ? event : undefined);
        while (this.#queue.length >= this.#readAhead && !this.#stopped)
          await new Promise<void>((resolve) => {
            this.#room = resolve;
          });
      }
    } catch (error) {
      this.failure = Failure.from(error);
    }
    this.#ended = true;
    told();
  }

  /** Lets a waiting stream go on, so that it can see that its signal was aborted. */
  stop(): void {
    this.#stopped = true;
    this.#room?.();
  }

  /** Takes note of a cursor that counts once all that came before it is shown. */
  #mark(cursor: string): void {
    if (!cursor) return;
    if (this.#queue.length === 0) this.#settle(cursor);
    else this.#watermark = cursor;
  }

  #settle(cursor: string): void {
    this.#cursor = cursor;
    this.#shown = undefined;
    this.#watermark = '';
  }
}
