/** What comes of an image that somebody offers, a new upgrade, the one that is under way, or a refusal; and what is done to the slot first. */

import { Failure } from '../../proto/failure.ts';
import { rootOf } from '../../proto/image/manifest.ts';
import { otherSlot } from './boot/backend.ts';
import { newUpgrade } from './new-upgrade.ts';
import type { WantedOptions } from './policy.ts';
import { inProgress, refusalOf, type UpgradePlan } from './preflight.ts';
import type { UpgradeSite } from './site.ts';
import { isReceiving, type Upgrade } from './state.ts';

/** What is zeroed: a file system's first block, and its superblock with it. */
const BLOCK = 4_096;

/** What is to be done. */
type StartOf =
  /** A new one, of which nothing is kept yet. */
  | { readonly does: 'begin'; readonly upgrade: Upgrade }
  /** The one that still takes this image, as it is planned now. */
  | { readonly does: 'go on'; readonly upgrade: Upgrade }
  /** The node has the image: by the upgrade that is under way, or it runs. */
  | { readonly does: 'nothing'; readonly upgrade: Upgrade | undefined };

/** What is to be done with an image that was planned. Throws what stands against it. */
export function startOf(
  site: UpgradeSite,
  planned: UpgradePlan,
  wanted: WantedOptions,
  author: string,
): StartOf {
  const open = site.current;
  const refusal = refusalOf(planned);
  if (open && open.manifestSha256 === planned.manifestSha256) {
    if (isReceiving(open.state)) {
      // Keys and policy may have changed since it was begun.
      if (refusal) throw refusal;
      return { does: 'go on', upgrade: open };
    }
    const late = tooLate(open, wanted);
    if (late.length === 0) return { does: 'nothing', upgrade: open };
    throw new Failure(
      'UPGRADE_IN_PROGRESS',
      `the upgrade ${open.id} to this image is ${open.state}, too late for another ${late.join(', ')}`,
      {
        hint: 'without that the same command goes on with it; nodectl upgrade abort ends it',
        facts: { upgrade: open.id, author: open.author, state: open.state },
      },
    );
  }
  if (open) throw inProgress(open);
  if (planned.alreadyRunning) return { does: 'nothing', upgrade: undefined };
  if (refusal) throw refusal;
  const { manifest, state, options, manifestSha256 } = planned;
  if (!manifest || !state) throw new Failure('INTERNAL', 'a plan without refusals lacks its image');
  const { name, version, serial } = manifest;
  const root = rootOf(manifest);
  const upgrade = newUpgrade(site, state.booted, author, {
    image: { name, version, serial, rootSha256: root.sha256, rootSize: root.size },
    ...{ manifestSha256, options, state: 'planned', rollback: false, target: otherSlot(state.booted) },
  });
  return { does: 'begin', upgrade };
}

/** Makes the other slot unbootable, and then no file system: a half image must not look like a whole one. Idempotent. */
export async function invalidateTarget(site: UpgradeSite): Promise<void> {
  const { parts, images } = site;
  const { target } = site.running();
  images.forget(target);
  site.step('image forgotten');
  await parts.backend.invalidate(target);
  site.step('loader invalidated');
  const slot = await parts.slots.target(await parts.backend.state());
  try {
    await slot.write(Buffer.alloc(Math.min(BLOCK, slot.size)), 0);
    await slot.flush();
  } finally {
    await slot.close();
  }
  site.step('first block zeroed');
}

/** What is wanted of an upgrade that has its image already, and comes too late for it: what it is called. */
function tooLate({ options, state }: Upgrade, wanted: WantedOptions): string[] {
  const differs = <T>(given: T | undefined, had: T) => given !== undefined && given !== had;
  const { confirmation, deadlineSeconds, tries, noReboot, message, peers, quorum } = wanted;
  const restarts = state !== 'testing' && !options.noReboot;
  return [
    ...(differs(confirmation, options.confirmation) ? ['confirmation'] : []),
    ...(differs(deadlineSeconds, options.deadlineSeconds) ? ['deadline'] : []),
    ...(differs(tries, options.tries) ? ['number of tries'] : []),
    ...(noReboot && restarts ? ['time of the restart'] : []),
    ...(message !== '' && message !== options.message ? ['message'] : []),
    ...(peers.length > 0 && peers.join() !== options.peers.join() ? ['list of peers'] : []),
    ...(quorum > 0 && quorum !== options.quorum ? ['quorum'] : []),
  ];
}
