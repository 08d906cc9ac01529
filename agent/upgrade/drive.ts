/**
 * What the node does by itself once it has the image: verify, install, arm, restart. Each step may be repeated after a crash at any
 * point of it, and ends with a state that is on disk.
 */

import { randomBytes } from 'node:crypto';
import { Failure } from '../../proto/failure.ts';
import { rootOf } from '../../proto/image/manifest.ts';
import { sleep } from '../../proto/sleep.ts';
import { type BootState, SLOT_NAMES } from './boot/backend.ts';
import { digestOf } from './digests.ts';
import { fail } from './give-up.ts';
import { IncomingImage } from './incoming.ts';
import type { UpgradeSite } from './site.ts';
import type { SlotImage } from './slot-images.ts';
import type { Deployed, Upgrade } from './state.ts';
import { untilWindow } from './windows.ts';

/** After so many restarts that were asked for and did not happen, nobody asks again by itself. */
const MOST_REBOOTS = 3;
/** So often the windows of maintenance are looked at again: the clock may be set, and the document change. */
const LOOK_AGAIN_MS = 30_000;

/**
 * Goes on from wherever the upgrade is, until it waits for somebody, the node goes down, or it has failed: then that is in the
 * history. Rejects for an abort, and where not even the failure could be kept.
 */
export async function drive(site: UpgradeSite, signal: AbortSignal): Promise<void> {
  try {
    if (site.current?.state === 'verifying') await verify(site, signal);
    if (site.current?.state === 'installing') await install(site, signal);
    if (site.current?.state !== 'armed') return;
    if (site.current.options.noReboot) site.wait('waits for a restart: nodectl upgrade reboot');
    else {
      await windowOpens(site, signal);
      await reboot(site, signal);
    }
  } catch (error) {
    signal.throwIfAborted();
    const failure = Failure.from(error);
    site.parts.log.error({ err: error }, 'the upgrade failed');
    await fail(site, failure);
  }
}

/** Waits until the node may restart; what its document says may change meanwhile. */
async function windowOpens(site: UpgradeSite, signal: AbortSignal): Promise<void> {
  const { policy, now } = site.parts;
  for (;;) {
    const left = untilWindow(policy().windows ?? [], now());
    if (left === 0) return;
    const untilMs = now() + left;
    const at = new Date(untilMs).toISOString().slice(0, 16);
    site.wait(`waits for the window of maintenance at ${at}Z: nodectl upgrade reboot does not`, { untilMs });
    await sleep(Math.min(left, LOOK_AGAIN_MS), signal);
    signal.throwIfAborted();
  }
}

/** Reads back all that was written, past the caches. */
async function verify(site: UpgradeSite, signal: AbortSignal): Promise<void> {
  const { parts, journal } = site;
  const manifest = site.manifest();
  const state = await parts.backend.state();
  const image = await IncomingImage.open(
    await parts.slots.target(state),
    manifest,
    journal.keptFolder(),
    undefined,
  );
  try {
    await image.dropCaches();
    const total = manifest.images.reduce((sum, { size }) => sum + size, 0);
    let before = 0;
    for (const { role, writer } of image.parts) {
      const named = manifest.images.find((one) => one.role === role);
      const found = await digestOf(writer, writer.size, signal, (done) =>
        site.tell({ part: role, done: before + done, total }),
      );
      if (found !== named?.sha256)
        throw new Failure(
          'IMAGE_DIGEST_MISMATCH',
          `the ${role} that was written has the digest ${found}, and the manifest names ${named?.sha256}`,
          {
            hint:
              'either the image was damaged where it was sent from: nodectl image verify; or the disk does not give back what was ' +
              'written: nodectl dmesg --level err',
          },
        );
      before += writer.size;
      site.step(`verified ${role}`);
    }
  } finally {
    await image.close();
  }
  site.update({ state: 'installing' });
}

/** Puts kernel and initrd beside the boot loader, and arms the slot: from then on the next boot takes it. */
async function install(site: UpgradeSite, signal: AbortSignal): Promise<void> {
  const { backend, boot, deadline, gate } = site.parts;
  let upgrade = site.running();
  const state = await backend.state();
  if (!isArmed(upgrade, state)) {
    if (!upgrade.rollback) await putAssets(site, state);
    site.step('assets');
    signal.throwIfAborted();
    const deployed: Deployed = upgrade.deployed ?? {
      deployId: `${upgrade.id.slice(0, 15)}-${randomBytes(4).toString('hex')}`,
      serial: nextSerial(site, state),
    };
    // Any restart from the arming on boots the new slot, so that what it is held against is found out before.
    const baseline = await gate.baseline(signal);
    upgrade = site.update({ deployed, baseline, armedBoot: boot.bootId(), reboots: 0 });
    const image = imageOf(site, upgrade, deployed);
    site.images.set(image);
    site.step('image noted');
    await deadline.arm(deployed.deployId, upgrade.options.deadlineSeconds);
    site.step('guarded');
    signal.throwIfAborted();
    const { version, serial: imageSerial, rootSha256 } = upgrade.image;
    await backend.arm(
      upgrade.target,
      { ...deployed, version, imageSerial, rootSha256 },
      { tries: upgrade.options.tries, commandLine: image.commandLine },
    );
    site.step('loader armed');
  }
  site.update({ state: 'armed' });
}

/** Restarts the node. Resolves when that was asked for, or when it is left to a person. */
export async function reboot(site: UpgradeSite, signal: AbortSignal): Promise<void> {
  const { boot, gate } = site.parts;
  const { reboots } = site.running();
  if (reboots >= MOST_REBOOTS) {
    site.wait('the restart was asked for and did not happen: restart the node, or nodectl upgrade abort', {
      stuck: true,
    });
    return;
  }
  const baseline = await gate.baseline(signal);
  signal.throwIfAborted();
  site.update({ state: 'rebooting', baseline, armedBoot: boot.bootId(), reboots: reboots + 1 });
  try {
    await boot.reboot();
    site.step('reboot asked for');
  } catch (error) {
    site.update({ state: 'armed' });
    site.wait(
      `the node could not be restarted: ${Failure.from(error).message}; nodectl upgrade reboot tries again`,
      { stuck: true },
    );
  }
}

async function putAssets(site: UpgradeSite, state: BootState): Promise<void> {
  const { backend, slots } = site.parts;
  const { target } = site.running();
  const image = await IncomingImage.open(
    await slots.target(state),
    site.manifest(),
    site.journal.keptFolder(),
    undefined,
  );
  try {
    await backend.writeAssets(target, image.assets());
  } finally {
    await image.close();
  }
}

/** Whether the boot loader has it already: the crash came behind the arming. */
function isArmed({ deployed, target }: Upgrade, { slots }: BootState): boolean {
  const { health, deployment } = slots[target];
  return deployed !== undefined && health === 'armed' && deployment?.deployId === deployed.deployId;
}

function nextSerial({ images }: UpgradeSite, { slots }: BootState): number {
  const known = SLOT_NAMES.flatMap((slot) => [
    slots[slot].deployment?.serial ?? 0,
    images.get(slot)?.deploySerial ?? 0,
  ]);
  return Math.max(...known) + 1;
}

function imageOf(site: UpgradeSite, { rollback, target, image }: Upgrade, deployed: Deployed): SlotImage {
  const before = site.images.get(target);
  const { deployId, serial: deploySerial } = deployed;
  if (rollback && before) return { ...before, deployId, deploySerial };
  const manifest = site.manifest();
  return {
    ...{ slot: target, image: { ...image, rootSha256: rootOf(manifest).sha256 }, deployId, deploySerial },
    ...{ minSerial: manifest.minSerial, commandLine: manifest.cmdline ?? '', writtenMs: site.parts.now() },
  };
}
