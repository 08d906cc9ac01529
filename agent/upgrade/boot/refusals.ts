/** Refusals that all backends make in the same words. */

import { Failure } from '../../../proto/failure.ts';
import { otherSlot, type SlotName } from './backend.ts';

/** @throws Failure UPGRADE_SLOT_RUNNING */
export function refuseRunning(slot: SlotName, booted: SlotName, what: string): void {
  if (slot !== booted) return;
  throw new Failure('UPGRADE_SLOT_RUNNING', `slot ${slot} is the one that runs, so it cannot be ${what}`, {
    hint: `the other slot is ${otherSlot(slot)}`,
  });
}

/** @throws Failure UPGRADE_NO_FALLBACK @param boots whether the loader would boot the other slot */
export function refuseWithoutFallback(slot: SlotName, boots: boolean): void {
  if (boots) return;
  const other = otherSlot(slot);
  throw new Failure(
    'UPGRADE_NO_FALLBACK',
    `without slot ${slot} nothing would boot: slot ${other} is not one that the boot loader takes`,
    { hint: 'confirm the slot that runs first, or upgrade the other one' },
  );
}

/** @throws Failure UPGRADE_SLOT_VALID */
export function refuseValid(slot: SlotName, valid: boolean): void {
  if (!valid) return;
  throw new Failure(
    'UPGRADE_SLOT_VALID',
    `slot ${slot} is one that the boot loader takes: it must be invalidated before anything of it is written`,
  );
}

/** @throws Failure UPGRADE_SLOT_NOT_RUNNING, UPGRADE_DEPLOYMENT */
export function notRunning(
  slot: SlotName,
  deployId: string | undefined,
  booted: SlotName,
  bootedDeployId: string | undefined,
): void {
  if (slot !== booted)
    throw new Failure(
      'UPGRADE_SLOT_NOT_RUNNING',
      `slot ${slot} does not run, so nothing is known about its health: slot ${booted} runs`,
    );
  if (deployId !== bootedDeployId)
    throw new Failure(
      'UPGRADE_DEPLOYMENT',
      `deployment ${deployId ?? '(none)'} was to be confirmed, and ${bootedDeployId ?? '(none)'} is what runs`,
    );
}
