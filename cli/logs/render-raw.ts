/**
 * Messages alone, a newline behind each: on a pipe byte for byte, what `cat` of the file would give. On a terminal what could
 * act on it is escaped here too: no format lets a log line write to the terminal.
 */

import { visibleBytes } from '../output/visible.ts';
import type { Renderer } from './render.ts';

/**
 * A renderer of messages as they are.
 * @param terminal whether people see them
 */
export function rawRenderer(terminal = false): Renderer {
  return {
    head: '',
    foot: '',
    records: (_place, batch, from, to) => {
      const bytes = batch.text.subarray(batch.start(from), (batch.ends[to - 1] as number) + 1);
      return terminal ? Buffer.from(visibleBytes(bytes)) : bytes;
    },
    gap: () => undefined,
  };
}
