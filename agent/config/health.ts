/** Section "health": what must hold after a change for it to be a good one. Waited for, since services take a while to come up. */

import { Failure } from '../../proto/failure.ts';
import type { HealthCheck } from '../../proto/health-check.ts';
import { sleep } from '../../proto/sleep.ts';
import { lookAt } from '../health/declared-check.ts';
import { readDocument } from './read-document.ts';
import type { ConfigHost } from './resource.ts';

const DEFAULT_TIMEOUT_S = 30;
/** Between two tries. */
const AGAIN_MS = 500;
/** Checks that failed and are told; the first ones are what a person looks at. */
const MOST_TOLD = 3;

/** Waits until all checks of a document hold, side by side. Throws HOST_CHANGE_FAILED with those that do not in time, and why. */
export async function checkHealth(text: string, host: ConfigHost, signal: AbortSignal): Promise<void> {
  const checks = Object.entries(readDocument(text).health ?? {});
  const results = await Promise.all(
    checks.map(async ([name, check]) => [name, await hold(check, host, signal)] as const),
  );
  signal.throwIfAborted();
  const failed = results.filter(([, why]) => why !== undefined);
  if (failed.length === 0) return;
  const told = failed.slice(0, MOST_TOLD).map(([name, why]) => `${name}: ${why}`);
  const more = failed.length > MOST_TOLD ? ` and ${failed.length - MOST_TOLD} more` : '';
  throw new Failure('HOST_CHANGE_FAILED', `health checks do not hold: ${told.join('; ')}${more}`, {
    hint: 'nodectl logs shows what the service says',
  });
}

/** Undefined once a check holds; else why it did not within its time. */
async function hold(check: HealthCheck, host: ConfigHost, signal: AbortSignal): Promise<string | undefined> {
  const { timeoutSeconds = DEFAULT_TIMEOUT_S } = check;
  const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1_000)]);
  for (;;) {
    const why = await lookAt(check, host, until);
    if (why === undefined) return undefined;
    if (!until.aborted) await sleep(AGAIN_MS, until);
    if (until.aborted) return `${why}, after ${timeoutSeconds} s`;
  }
}
