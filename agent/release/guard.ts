/** The guard of a release on trial, as the agent sees it: a file that is there for as long as it watches. */

import { existsSync } from 'node:fs';
import { Failure } from '../../proto/failure.ts';
import { sleep } from '../../proto/sleep.ts';

/** systemd starts the guard within a second; a busy machine gets more. */
const GUARD_MS = 15_000;
const POLL_MS = 50;

/**
 * Waits until the guard of an earlier trial has ended, since its word says nothing of the next one.
 * @param file the file by which it says that it watches
 * @param limitMs how long it may take
 * @throws Failure RELEASE_NOT_GUARDED
 */
export async function awaitNoGuard(file: string, signal: AbortSignal, limitMs = GUARD_MS): Promise<void> {
  if (!(await becomes(false, file, signal, limitMs)))
    throw new Failure('RELEASE_NOT_GUARDED', 'the guard of an earlier trial has not ended', {
      hint: 'systemctl status nodectl-agent-revert says what it waits for',
    });
}

/**
 * Waits until the guard watches.
 * @param file the file by which it says so
 * @param limitMs how long it may take
 * @throws Failure RELEASE_NOT_GUARDED
 */
export async function awaitGuard(file: string, signal: AbortSignal, limitMs = GUARD_MS): Promise<void> {
  if (await becomes(true, file, signal, limitMs)) return;
  throw new Failure(
    'RELEASE_NOT_GUARDED',
    'nothing on the node watches over a new release of the agent, so it was not taken into use',
    {
      hint: 'systemctl enable --now nodectl-agent-revert.path; systemctl status nodectl-agent-revert says more',
    },
  );
}

async function becomes(
  wanted: boolean,
  file: string,
  signal: AbortSignal,
  limitMs: number,
): Promise<boolean> {
  const until = performance.now() + limitMs;
  while (existsSync(file) !== wanted) {
    if (performance.now() > until || signal.aborted) return false;
    await sleep(POLL_MS, signal);
  }
  return true;
}
