/**
 * Where a merge's records go: rendered, gathered to large writes, written no faster than the reader of standard output
 * takes them. A reader that closes (`| head`) ends the read quietly.
 */

import type { RecordBatch } from './batch.ts';
import type { Gap } from './events.ts';
import type { Feed } from './feed.ts';
import type { MergeOutput } from './merge.ts';
import type { Renderer } from './render.ts';

/** So much is gathered before it is written. */
const WRITE_BYTES = 256 * 1024;

/** Where bytes go: the session's terminal, or what stands in for it. */
export interface ByteSink {
  /** Resolves when there is room for more; never rejects. */
  write(bytes: Uint8Array): Promise<void>;
  /** Whether nothing can be written any more. */
  readonly gone: boolean;
}

/** What an output needs. */
export interface LogOutputOptions {
  renderer: Renderer;
  sink: ByteSink;
  /** Called when the sink is gone. */
  onGone: () => void;
  /** Told of a gap that the format has no place for. */
  onGap: (feed: Feed, gap: Gap) => void;
  signal: AbortSignal;
}

/** Renders and writes records. */
export class LogOutput implements MergeOutput {
  /** How many records were shown. */
  shown = 0;
  /** How many of them had been cut by the node. */
  cut = 0;
  readonly #options: LogOutputOptions;
  #parts: Buffer[] = [];
  #held = 0;
  #begun = false;

  constructor(options: LogOutputOptions) {
    this.#options = options;
  }

  get full(): boolean {
    return this.#held >= WRITE_BYTES;
  }

  records(feed: Feed, batch: RecordBatch, from: number, to: number): void {
    this.shown += to - from;
    if (batch.hasTruncated)
      for (let index = from; index < to; index++) if (batch.isTruncated(index)) this.cut += 1;
    this.#push(this.#options.renderer.records(feed, batch, from, to));
  }

  gap(feed: Feed, gap: Gap): void {
    const bytes = this.#options.renderer.gap(feed, gap);
    if (bytes) this.#push(bytes);
    else this.#options.onGap(feed, gap);
  }

  async flush(): Promise<void> {
    const { sink, signal, onGone } = this.#options;
    if (this.#held === 0) return;
    const [only] = this.#parts;
    const bytes = this.#parts.length === 1 && only ? only : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#held = 0;
    await orAborted(sink.write(bytes), signal);
    if (sink.gone) onGone();
  }

  /** Writes what is left and what the format has behind the last record. */
  async finish(): Promise<void> {
    this.#begin();
    const { foot } = this.#options.renderer;
    if (foot) this.#push(Buffer.from(foot));
    await this.flush();
  }

  #push(bytes: Buffer): void {
    this.#begin();
    this.#parts.push(bytes);
    this.#held += bytes.length;
  }

  #begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    const { head } = this.#options.renderer;
    if (head) this.#push(Buffer.from(head));
  }
}

/** Waits for a write; an interrupt must not wait for a reader that stands still. */
function orAborted(written: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', done);
    written.then(done, done);
  });
}
