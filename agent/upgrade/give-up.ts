/**
 * Upgrades that end before they have restarted the node: somebody aborts one, or it has failed. Why is in the journal before the boot
 * loader is told, so that a crash in between ends in the same way, and not in a restart for nothing. And what an abort leaves of a
 * rollback's slot, also where it was booted: nothing was written over it.
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
 * Ends an upgrade: the slot is left unbootable, but for a rollback's, which is what it was before; the running one as it is. To be
 * called again after a crash.
 * @throws Failure UPGRADE_BOOT_WRITE_FAILED, UPGRADE_STATE_UNWRITABLE; it is still under way then
 */
export async function giveUp(site: UpgradeSite, { reason, why }: Why): Promise<void> {
  const { state, rollback } = site.running();
  let told = why;
  // What is armed must not be booted by the next restart.
  if (state !== 'planned' && state !== 'transferring') {
    keepWhy(site, { reason, why });
    const isKept = await keepSlot(site);
    if (!isKept) await loseSlot(site);
    site.step('disarmed');
    await site.parts.deadline.disarm();
    if (rollback) told = withSlot(site, why, isKept);
  }
  site.end(reason === 'UPGRADE_ABORTED' ? 'aborted' : 'failed', { reason, why: told });
}

/** The same, for what went wrong. @throws Failure UPGRADE_BOOT_WRITE_FAILED, UPGRADE_STATE_UNWRITABLE */
export function fail(site: UpgradeSite, { reason, message }: Failure): Promise<void> {
  return giveUp(site, { reason, why: message });
}

/** Why a rollback has ended, and what has become of the slot that it was to boot. */
export function withSlot(site: UpgradeSite, why: string, isKept: boolean): string {
  return `${why}; slot ${site.running().target} ${isKept ? 'is kept' : 'is to be installed anew'}`;
}

/**
 * Makes the slot of a rollback what it was before it was armed: good, behind the other one. Idempotent.
 * @returns false for any other slot, for one that did not come up, and where the boot loader could not be told of it
 * @throws Failure UPGRADE_BOOT_UNREADABLE, UPGRADE_STATE_UNWRITABLE
 */
export async function keepSlot(site: UpgradeSite): Promise<boolean> {
  const { images, parts } = site;
  const { rollback, target, before, state } = site.running();
  if (!rollback) return false;
  const { slots, next } = await parts.backend.state();
  const { health } = slots[target];
  const image = images.get(target);
  // It is good in name also between two writes of the boot loader's, when what is on trial is still booted.
  const isBehind = health === 'good' && next !== target;
  if (!before || !image) return isBehind;
  if (!isBehind) {
    // One that was tried in vain is not booted again. Where its agent served it came up, and was left by the abort alone.
    if (health === 'bad' && state !== 'testing') return false;
    const { version, serial: imageSerial, rootSha256 } = image.image;
    try {
      await parts.backend.disarm(target, { ...before, version, imageSerial, rootSha256 }, image.commandLine);
    } catch (error) {
      parts.log.error({ err: error }, `slot ${target} could not be kept`);
      return false;
    }
    site.step('loader disarmed');
  }
  images.set({ ...image, deployId: before.deployId, deploySerial: before.serial });
  return true;
}

/** The slot may not be booted any more. @throws Failure UPGRADE_BOOT_WRITE_FAILED */
async function loseSlot(site: UpgradeSite): Promise<void> {
  const { backend } = site.parts;
  const { target } = site.running();
  const { health } = (await backend.state()).slots[target];
  if (health !== 'invalid' && health !== 'empty') await backend.invalidate(target);
  site.images.forget(target);
}
