/** What every call passes on its way to its handler, and how the steps are joined. */

import type { ServerCall } from './call.ts';

/**
 * One step. It may refuse the call by throwing a Failure before `next`, look at the outcome after it, or change the failure
 * that comes out of it. `next` resolves when the handler has answered; a unary answer has not been sent by then.
 */
export type Interceptor = (call: ServerCall, next: () => Promise<void>) => Promise<void>;

/** Joins steps, the first outermost, around the innermost one. */
export function joined(
  steps: readonly Interceptor[],
  innermost: (call: ServerCall) => Promise<void>,
): (call: ServerCall) => Promise<void> {
  return steps.reduceRight<(call: ServerCall) => Promise<void>>(
    (inner, step) => (call) => step(call, () => inner(call)),
    innermost,
  );
}
