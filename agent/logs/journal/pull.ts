/** Reads a program's output one chunk at a time, with a limit on the wait, and only when asked: so the program is held back. */

import type { Readable } from 'node:stream';

/** Reads one stream. */
export class Puller {
  readonly #stream: Readable;
  readonly #signal: AbortSignal;
  #wake: () => void = () => undefined;

  constructor(stream: Readable, signal: AbortSignal) {
    this.#stream = stream;
    this.#signal = signal;
    const wake = () => this.#wake();
    // The listener stays: when a child process exits, Node lets streams flow off that nobody listens to.
    stream.on('readable', wake).on('end', wake).on('close', wake);
  }

  /** The next chunk; 'idle' when none came within `waitMs`; 'end' when there is no more or the signal fired. */
  async next(waitMs: number): Promise<Buffer | 'idle' | 'end'> {
    const stream = this.#stream;
    while (!this.#signal.aborted) {
      const chunk: Buffer | null = stream.read();
      if (chunk !== null) return chunk;
      if (stream.readableEnded || stream.destroyed) return 'end';
      if (!(await this.#woken(waitMs))) return 'idle';
    }
    return 'end';
  }

  /** Waits until something happened to the stream; false when nothing did. */
  async #woken(waitMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const wake = () => resolve(true);
    const timer = setTimeout(() => resolve(false), waitMs);
    this.#wake = wake;
    this.#signal.addEventListener('abort', wake, { once: true });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#signal.removeEventListener('abort', wake);
    }
  }
}
