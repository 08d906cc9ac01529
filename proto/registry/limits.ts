/** What an exchange with a registry may cost: time, bytes, attempts. */

import type { Backoff } from '../backoff.ts';

/** The bounds of a client. Tests make them smaller. */
export interface RegistryLimits {
  /** How long a connection with TLS may take to be made, in ms. */
  readonly connectMs: number;
  /** How long an answer's head may take once the request is sent, in ms: a registry hashes an upload before it answers. */
  readonly answerMs: number;
  /** A body must bring `stallBytes` within so many ms, or it is given up: a dead peer, or one that drips. */
  readonly stallMs: number;
  readonly stallBytes: number;
  /** How often one request is sent to one registry, the first time counted in. */
  readonly attempts: number;
  /** The same where mirrors are there as well: the next one is the better attempt. */
  readonly attemptsEach: number;
  readonly backoff: Backoff;
  /** What a registry asks for in Retry-After is heeded up to so many ms. */
  readonly maxRetryAfterMs: number;
}

/** The bounds in use. Half a minute without a kilobyte a second is no link that an image comes over. */
export const REGISTRY_LIMITS: RegistryLimits = {
  connectMs: 10_000,
  answerMs: 120_000,
  stallMs: 30_000,
  stallBytes: 30 * 1024,
  attempts: 5,
  attemptsEach: 2,
  backoff: { firstMs: 500, longestMs: 15_000 },
  maxRetryAfterMs: 60_000,
};

/** The longest head of an answer, in bytes; those of registries and their stores have less than two kilobytes. */
export const MAX_HEAD_BYTES = 32 * 1024;
/** The longest manifest, in bytes: what registries must take at least (OCI distribution 1.1, "Pushing manifests"). */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** The longest error or token that is read, in bytes. */
export const MAX_ANSWER_BYTES = 64 * 1024;
/** Redirects from a registry to where its bytes are: one is usual. */
export const MAX_REDIRECTS = 5;
/** Up to so many bytes a blob is read whole and kept where a registry knows no ranges. */
export const MAX_WHOLE_BYTES = 16 * 1024 * 1024;
