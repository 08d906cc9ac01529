/** Time limits for whoever waits for a peer. */

import { Failure } from '../failure.ts';

/** How long connecting may take, name look-up and TLS included, where nothing else is said, in milliseconds. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** How long a unary call may take where nothing else is said, in milliseconds. */
export const UNARY_TIMEOUT_MS = 15_000;
/** A call on a dead link is noticed within two of these, in milliseconds. */
export const PING_EVERY_MS = 15_000;
/** How long the answer to a ping may take. */
export const PING_TIMEOUT_MS = 10_000;

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

/** The failure of a call that its caller has waited long enough for. `address` and `method` are where it went and what it called. */
export function unanswered(address: string, method: string, timeoutMs: number): Failure {
  return new Failure('DEADLINE_EXCEEDED', `${address} did not answer ${method} within ${timeoutMs} ms`, {
    hint: 'it took the connection, so it may be busy or hang: a longer --timeout waits for it, nodectl check shows how far it answers',
  });
}
