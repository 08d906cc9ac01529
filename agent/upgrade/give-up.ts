/**
 * Upgrades that end before they have restarted the node: somebody aborts one, or it has failed. Why is in the journal before the boot
 * loader is told, so that a crash in between ends in the same way, and not in a restart for nothing.
 */

import type { Failure } from '../../proto/failure.ts';
import type { UpgradeSite } from './site.ts';
import type { Upgrade } from './state.ts';

/** Why an upgrade ends. */
type Why = Pick<Upgrade, 'reason' | 'why'> & Partial<Pick<Upgrade, 'failedChecks'>>;

/** Puts down why an upgrade will end. A full disk costs that, and not the way back. Never throws. */
export function keepWhy(site: UpgradeSite, why: Why): void {
  try {
    site.update(why);
  } catch (error) {
    site.parts.log.error({ err: error, ...why }, 'why the upgrade ends could not be kept');
  }
}

/**
 * Ends an upgrade: the slot is left unbootable, the running one as it is. To be called again after a crash.
 * @throws Failure UPGRADE_BOOT_WRITE_FAILED, UPGRADE_STATE_UNWRITABLE; it is still under way then
 */
export async function giveUp(site: UpgradeSite, { reason, why }: Why): Promise<void> {
  const { state } = site.running();
  // What is armed must not be booted by the next restart.
  if (state !== 'planned' && state !== 'transferring') {
    keepWhy(site, { reason, why });
    await disarm(site);
  }
  site.end(reason === 'UPGRADE_ABORTED' ? 'aborted' : 'failed', { reason, why });
}

/** The same, for what went wrong. @throws Failure UPGRADE_BOOT_WRITE_FAILED, UPGRADE_STATE_UNWRITABLE */
export function fail(site: UpgradeSite, { reason, message }: Failure): Promise<void> {
  return giveUp(site, { reason, why: message });
}

/** Takes back whatever arming did. @throws Failure UPGRADE_BOOT_WRITE_FAILED */
async function disarm(site: UpgradeSite): Promise<void> {
  const { backend, deadline } = site.parts;
  const { target, rollback } = site.running();
  const { health } = (await backend.state()).slots[target];
  // What a rollback has not armed yet is the slot that it was, and can be gone back to another time.
  if (!(rollback && health === 'good')) {
    if (health !== 'invalid' && health !== 'empty') await backend.invalidate(target);
    site.images.forget(target);
  }
  site.step('invalidated');
  await deadline.disarm();
}
