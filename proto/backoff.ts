/** How long to wait before something is tried again: the one formula for callers, agents and issuers. */

/** The bounds of a back-off, in milliseconds. */
export interface Backoff {
  /** The longest wait before the first attempt. */
  firstMs: number;
  /** What the wait grows to, doubled each time. */
  longestMs: number;
}

/**
 * The wait before an attempt, in milliseconds: doubling, and half of it left to chance, so that many who failed in the same
 * moment do not come back in the same moment.
 * @param attempt from 1
 * @param random at least 0 and below 1
 */
export function backoffDelay({ firstMs, longestMs }: Backoff, attempt: number, random: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return full / 2 + (full / 2) * random;
}
