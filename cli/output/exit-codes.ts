/** Exit statuses: one meaning each, for scripts. `nodectl help exit-codes` prints this table. */

import type { Failure } from '../../proto/failure.ts';
import type { Reason, StatusName } from '../../proto/reasons.ts';
import { notReached } from '../fleet/not-reached.ts';

/** Exit statuses by what they mean. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  partial: 3,
  notAllowed: 4,
  unreachable: 5,
  precondition: 6,
  timeout: 7,
  pending: 8,
  warnings: 10,
  criticals: 11,
  interrupted: 130,
} as const;

/** What each status means, in the order of the numbers. */
export const EXIT_MEANINGS: readonly (readonly [number, string])[] = [
  [EXIT.ok, 'everything was done'],
  [EXIT.failed, 'it failed'],
  [EXIT.usage, 'the command line or a request is not valid'],
  [EXIT.partial, 'it failed on some nodes and was done on others'],
  [EXIT.notAllowed, 'not allowed: certificate or role'],
  [EXIT.unreachable, 'no node could be reached, or no issuer or registry'],
  [EXIT.precondition, 'something must be done first: no context, a file that is not valid'],
  [EXIT.timeout, 'a time limit passed'],
  [EXIT.pending, 'not finished yet, or not yet as the document says'],
  [EXIT.warnings, 'findings: warnings, or what has drifted'],
  [EXIT.criticals, 'findings: criticals'],
  [EXIT.interrupted, 'interrupted by Ctrl-C'],
];

const OF_STATUS: Partial<Record<StatusName, number>> = {
  INVALID_ARGUMENT: EXIT.usage,
  PERMISSION_DENIED: EXIT.notAllowed,
  UNAUTHENTICATED: EXIT.notAllowed,
  FAILED_PRECONDITION: EXIT.precondition,
  DEADLINE_EXCEEDED: EXIT.timeout,
  CANCELLED: EXIT.interrupted,
};

/** Beside nodes that are not reached: others that are not, and a node that an upgrade was followed on. */
const UNREACHABLE: ReadonlySet<Reason> = new Set(['REGISTRY_UNREACHABLE', 'UPGRADE_NO_ANSWER']);

/** The exit status for a failure. */
export function exitOf(failure: Failure): number {
  // A node whose disk is full, or a tool of which does not run, has answered: that is UNAVAILABLE as well.
  if (failure.status === 'UNAVAILABLE')
    return notReached(failure) || UNREACHABLE.has(failure.reason) ? EXIT.unreachable : EXIT.failed;
  return OF_STATUS[failure.status] ?? EXIT.failed;
}

/** The exit status of a command over several nodes: what all have in common, or partial. */
export function exitOfAll(failures: readonly Failure[], succeeded: number): number {
  if (failures.length === 0) return EXIT.ok;
  if (succeeded > 0) return EXIT.partial;
  const [first, ...others] = new Set(failures.map(exitOf));
  return first !== undefined && others.length === 0 ? first : EXIT.failed;
}
