/** When a node renews its certificate, and how long it waits after a failure. */

import { randomInt } from 'node:crypto';
import { type Backoff, backoffDelay } from '../proto/backoff.ts';
import type { Identity } from './identity.ts';

/** Renewal begins at two thirds of a certificate's life, as step-ca does: time enough for a weekend of failures. */
const SHARE = 2 / 3;
/** Spread over a twentieth of the life, so that nodes imaged together do not renew together. */
const JITTER_SHARE = 1 / 20;
const RETRY: Backoff = { firstMs: 5_000, longestMs: 3_600_000 };

/** A number from 0 to 1, 1 excluded. */
export type Random = () => number;

const secureRandom: Random = () => randomInt(2 ** 32) / 2 ** 32;

/**
 * When to renew, in milliseconds since the epoch. For lives beyond 37 days that lies further ahead than `setTimeout` can wait
 * (2^31 - 1 ms): wait in steps.
 */
export function renewalTime(
  identity: Pick<Identity, 'notBefore' | 'notAfter'>,
  random: Random = secureRandom,
): number {
  const life = identity.notAfter - identity.notBefore;
  return identity.notBefore + life * (SHARE + JITTER_SHARE * random());
}

/**
 * How long to wait before the next try, in milliseconds, after so many failures in a row: doubling from five seconds to an
 * hour, at most a tenth of what is left of the life, and half of it by chance.
 */
export function retryDelay(
  failures: number,
  identity: Pick<Identity, 'notAfter'>,
  now: number,
  random: Random = secureRandom,
): number {
  const left = Math.max(identity.notAfter - now, 0);
  const longestMs = left > 0 ? Math.max(Math.min(RETRY.longestMs, left / 10), 1_000) : RETRY.longestMs;
  return backoffDelay({ ...RETRY, longestMs }, failures, random());
}
