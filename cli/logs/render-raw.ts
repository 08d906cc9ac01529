/** Messages alone, byte for byte, a newline behind each: what `cat` of the file would show. */

import type { Renderer } from './render.ts';

/** A renderer of messages as they are. */
export function rawRenderer(): Renderer {
  return {
    head: '',
    foot: '',
    records: (_place, batch, from, to) =>
      batch.text.subarray(batch.start(from), (batch.ends[to - 1] as number) + 1),
    gap: () => undefined,
  };
}
