/**
 * Where a merge's records go: rendered, gathered to large writes, written no faster than the reader of standard output
 * takes them. A reader that closes (`| head`) ends the read quietly.
 */

import type { Writable } from 'node:stream';
import { Failure } from '../../proto/failure.ts';
import type { RecordBatch } from './batch.ts';
import type { Gap } from './events.ts';
import type { Feed } from './feed.ts';
import type { MergeOutput } from './merge.ts';
import type { Renderer } from './render.ts';

/** So much is gathered before it is written. */
const WRITE_BYTES = 256 * 1024;

/** What an output needs. */
export interface LogOutputOptions {
  renderer: Renderer;
  stream: Writable;
  /** Called once when nobody reads the stream any more. */
  onClosed: () => void;
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
  /** Why writing failed, where it was for another reason than that the reader has gone. */
  failure: Failure | undefined;
  readonly #options: LogOutputOptions;
  #parts: Buffer[] = [];
  #held = 0;
  #begun = false;
  #closed = false;

  constructor(options: LogOutputOptions) {
    this.#options = options;
    options.stream.on('error', this.#failed);
  }

  /** Whether nobody reads the stream any more. */
  get closed(): boolean {
    return this.#closed;
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
    if (this.#held === 0 || this.#closed) return;
    const [only] = this.#parts;
    const bytes = this.#parts.length === 1 && only ? only : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#held = 0;
    const { stream, signal } = this.#options;
    await new Promise<void>((resolve) => {
      // An interrupt must not wait for a reader that stands still.
      const done = () => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      if (!signal.aborted) signal.addEventListener('abort', done);
      stream.write(bytes, (error) => {
        if (error) this.#failed(error);
        done();
      });
      if (signal.aborted) done();
    });
  }

  /** Writes what is left and what the format has behind the last record. */
  async finish(): Promise<void> {
    this.#begin();
    const { foot } = this.#options.renderer;
    if (foot) this.#push(Buffer.from(foot));
    await this.flush();
    this.#options.stream.off('error', this.#failed);
    // A late EPIPE is as good as an early one.
    this.#options.stream.on('error', () => {});
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

  readonly #failed = (error: NodeJS.ErrnoException): void => {
    if (this.#closed) return;
    this.#closed = true;
    if (error.code !== 'EPIPE')
      this.failure = new Failure('INTERNAL', `writing to standard output failed: ${error.message}`, {
        hint: 'is there room on the disk?',
        cause: error,
      });
    this.#parts = [];
    this.#held = 0;
    this.#options.onClosed();
  };
}
