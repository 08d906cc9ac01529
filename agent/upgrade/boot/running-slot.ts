/**
 * Which slot this boot runs from: what the boot loader told the kernel, held against the device that is mounted as the root. Neither
 * alone is enough: a command line can be edited at the console, and a device does not tell which deployment was meant.
 */

import { Failure } from '../../../proto/failure.ts';
import { line, type Machine } from '../../host/machine.ts';
import { otherSlot, type SlotName } from './backend.ts';
import { isDeployId } from './deployment.ts';
import { mounts } from './mounts.ts';
import type { SlotDevices } from './slot-store.ts';

/** What runs. */
export interface RunningSlot {
  readonly slot: SlotName;
  /** Undefined for the image that the machine was installed with. */
  readonly deployId?: string;
}

/** @throws Failure UPGRADE_RUNNING_SLOT_UNKNOWN */
export function runningSlot(machine: Machine, devices: SlotDevices): RunningSlot {
  const words = (line(machine, 'proc/cmdline') ?? '').split(' ');
  // Of an argument that is there twice the kernel heeds the last.
  const value = (key: string) => words.findLast((word) => word.startsWith(key))?.slice(key.length);
  const slot = value('nodectl.slot=');
  const unknown = (why: string, hint: string) => new Failure('UPGRADE_RUNNING_SLOT_UNKNOWN', why, { hint });
  if (slot !== 'a' && slot !== 'b')
    throw unknown(
      'the kernel’s command line does not say by nodectl.slot= which slot this machine runs from',
      'boot it by its boot loader, not by kexec or an entry of your own',
    );
  const mounted = mounts(machine);
  const root = mounted.findLast(({ point }) => point === '/')?.device;
  const [own, other] = [devices.look(slot), devices.look(otherSlot(slot))];
  if (root !== undefined && root === other.number)
    throw unknown(
      `the command line says that slot ${slot} runs, but the root is on ${other.device}, which is slot ${otherSlot(slot)}`,
      'restart the machine without changing its command line',
    );
  // Below an overlay the slot is mounted somewhere else.
  if (own.number === undefined || !mounted.some(({ device }) => device === own.number))
    throw unknown(
      `the command line says that slot ${slot} runs, but ${own.device} is mounted nowhere`,
      own.problem ?? 'name the slots in the agent’s settings as the boot loader does',
    );
  const deployId = value('nodectl.deploy=');
  return { slot, ...(deployId !== undefined && isDeployId(deployId) ? { deployId } : {}) };
}
