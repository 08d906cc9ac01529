/** When a log stream that broke is worth opening again, and after how long. */

import { type Backoff, backoffDelay } from '../../proto/backoff.ts';
import type { Failure } from '../../proto/failure.ts';
import type { Reason } from '../../proto/reasons.ts';
import { notReached } from '../fleet/not-reached.ts';

/**
 * Failures that an agent which is just being stopped or started looks like: a connection that closes right after the
 * handshake, a source that is not there yet. Where the stream was open before they are tried a few times.
 */
const DOUBTFUL: ReadonlySet<Reason> = new Set<Reason>([
  'CANCELLED',
  'CERTIFICATE_REFUSED',
  'SOURCE_UNAVAILABLE',
]);

/** How often in succession a doubtful failure is tried again. */
const DOUBTFUL_ATTEMPTS = 8;
const DELAY: Backoff = { firstMs: 200, longestMs: 10_000 };

/** Whether a failure of a stream that was open before may pass, given how often it was tried in succession. */
export function mayPass(failure: Failure, attempt: number): boolean {
  return (
    notReached(failure) ||
    failure.reason === 'TOO_MANY_STREAMS' ||
    (DOUBTFUL.has(failure.reason) && attempt <= DOUBTFUL_ATTEMPTS)
  );
}

/** How long to wait before an attempt, counted from 1, in milliseconds. `random` is at least 0 and below 1. */
export function retryDelay(attempt: number, random: number): number {
  return backoffDelay(DELAY, attempt, random);
}
