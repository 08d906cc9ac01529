/** Time limits for whoever waits for a peer. */

const SLICES = 8;

/**
 * Calls `over` when that many milliseconds of waiting are over, in eight slices of which none counts for longer than it is. So time
 * in which this process was held up itself, by a busy machine or by work of its own, is not put down to the peer: what has
 * arrived meanwhile is read first. Gives what ends the waiting.
 */
export function patiently(milliseconds: number, over: () => void): () => void {
  let left = SLICES;
  const timer = setTimeout(
    () => {
      if (--left > 0) timer.refresh();
      else over();
    },
    Math.ceil(milliseconds / SLICES),
  );
  return () => clearTimeout(timer);
}
