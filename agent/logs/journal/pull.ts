/** Reads a stream one chunk at a time, with a limit on the wait, and only when asked: so the writer is held back. */

import type { Readable } from 'node:stream';

/**
 * The next chunk; 'idle' when none came within `waitMs`; 'end' when there is no more or the signal fired.
 */
export async function pull(
  stream: Readable,
  waitMs: number,
  signal: AbortSignal,
): Promise<Buffer | 'idle' | 'end'> {
  for (;;) {
    if (signal.aborted) return 'end';
    const chunk: Buffer | null = stream.read();
    if (chunk !== null) return chunk;
    if (stream.readableEnded || stream.destroyed) return 'end';
    const { promise, resolve } = Promise.withResolvers<'idle' | 'again'>();
    const again = () => resolve('again');
    const timer = setTimeout(() => resolve('idle'), waitMs);
    stream.once('readable', again).once('end', again).once('close', again);
    signal.addEventListener('abort', again, { once: true });
    const what = await promise;
    clearTimeout(timer);
    stream.off('readable', again).off('end', again).off('close', again);
    signal.removeEventListener('abort', again);
    if (what === 'idle') return 'idle';
  }
}
