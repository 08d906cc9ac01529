/** Which failures say that a node is away, and not what it thinks of a call. */

import type { Failure } from '../../proto/failure.ts';
import type { Reason } from '../../proto/reasons.ts';

/**
 * Reasons of a node that was not reached, or that went away. Not their gRPC statuses: a registry that an image is read from while it
 * is sent, a cluster, or the disk of a node that has answered are UNAVAILABLE as well.
 */
const AGAIN: ReadonlySet<Reason> = new Set([
  'CONNECTION_LOST',
  'CONNECTION_REFUSED',
  'CONNECT_TIMEOUT',
  'DEADLINE_EXCEEDED',
  'DNS_FAILED',
  'DRAINING',
  'HOST_UNREACHABLE',
  // What a tunnel or load balancer in front of an agent that is away looks like.
  'NOT_A_NODECTL_AGENT',
]);

/** Whether a node was not reached, so that asking again may help. What a node has answered does not change by asking again. */
export function notReached(failure: Failure): boolean {
  return AGAIN.has(failure.reason);
}
