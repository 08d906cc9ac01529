/** Letting in what has come meanwhile. */

import { setImmediate } from 'node:timers/promises';

/** A program's end and the end of its output come in turns of their own. */
const TURNS = 3;

/**
 * Lets this process take in what has come while it was busy, or was not let run: a timer that is late is seen before the answer
 * that it waits for, though that has been there for long.
 */
export async function letIn(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await setImmediate();
}
