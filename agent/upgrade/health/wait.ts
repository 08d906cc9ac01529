/**
 * `nodectl-agent health --gate`, for nodectl-health.service: waits for the verdict of the agent that serves. It looks at nothing but
 * the deadline's file: a second gate in a second process would be a second opinion, and would need the node's key, the
 * baseline and the peers once more.
 */

import { join } from 'node:path';
import { Failure } from '../../../proto/failure.ts';
import { sleep } from '../../../proto/sleep.ts';
import type { Machine } from '../../host/machine.ts';
import { UpgradeDeadline } from './deadline.ts';

const LOOK_EVERY_MS = 500;

/**
 * Resolves with what is to be said when the deployment that runs is not on trial, or no more.
 * @param state the agent's state folder
 * @param signal ends the waiting
 * @throws Failure UPGRADE_NOT_CONFIRMED where it still is when the signal is aborted
 */
export async function waitForVerdict(state: string, machine: Machine, signal: AbortSignal): Promise<string> {
  const deadline = new UpgradeDeadline(join(state, 'upgrade'), machine, () => undefined);
  if (!deadline.holds()) return 'no image is on trial';
  while (deadline.holds()) {
    if (signal.aborted)
      throw new Failure('UPGRADE_NOT_CONFIRMED', 'the image that runs is still on trial', {
        hint: 'nodectl upgrade status shows what is waited for',
      });
    await sleep(LOOK_EVERY_MS, signal);
  }
  return 'the image is not on trial any more';
}
