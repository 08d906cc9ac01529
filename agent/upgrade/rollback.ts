/** A rollback as it begins: what is in the other slot is booted as it is. */

import { Failure } from '../../proto/failure.ts';
import { otherSlot, type SlotName } from './boot/backend.ts';
import { newUpgrade } from './new-upgrade.ts';
import { optionsOf, type WantedOptions } from './policy.ts';
import { nodeRefusals } from './preflight.ts';
import type { UpgradeSite } from './site.ts';
import type { Upgrade } from './state.ts';

/**
 * A rollback, of which nothing is kept yet.
 * @param slot undefined for the one that does not run
 * @throws Failure UPGRADE_SLOT_RUNNING, UPGRADE_SLOT_INCOMPLETE, IMAGE_DOWNGRADE, and what stands against any upgrade
 */
export async function rollbackOf(
  site: UpgradeSite,
  slot: SlotName | undefined,
  wanted: WantedOptions,
  author: string,
): Promise<Upgrade> {
  const { parts, images } = site;
  const options = optionsOf(wanted, parts.policy(), undefined);
  const state = await parts.backend.state();
  const target = slot ?? otherSlot(state.booted);
  const [refusal] = nodeRefusals(site, state);
  if (refusal) throw refusal;
  if (target === state.booted)
    throw new Failure('UPGRADE_SLOT_RUNNING', `slot ${target} runs already`, { hint: 'nodectl slots' });
  const image = images.get(target);
  if (!image || state.slots[target].health === 'bad')
    throw new Failure(
      'UPGRADE_SLOT_INCOMPLETE',
      image
        ? `slot ${target} was tried and did not hold, so it is not booted again`
        : state.slots[target].health === 'good'
          ? `slot ${target} boots, but no upgrade has put an image there, so it is not known what would be booted`
          : state.slots[target].health === 'empty'
            ? `slot ${target} is empty`
            : `what is in slot ${target} is not known to be complete`,
      { hint: 'install an image there: nodectl upgrade --image' },
    );
  // What the machine was made with does not tell its number, and may be called otherwise.
  const { minSerial } = image.image.serial > 0 ? images.floor(image.image.name) : images.highestFloor();
  if (image.image.serial < minSerial && !options.allowDowngrade)
    throw new Failure(
      'IMAGE_DOWNGRADE',
      `slot ${target} has the serial number ${image.image.serial}, and an image that was confirmed here allows none below ${minSerial}`,
      { hint: 'an admin can go back with --allow-downgrade' },
    );
  return newUpgrade(site, state.booted, author, {
    ...{ image: image.image, manifestSha256: '', options, state: 'installing', rollback: true, target },
    ...(state.slots[target].health === 'good'
      ? { before: { deployId: image.deployId, serial: image.deploySerial } }
      : {}),
  });
}
