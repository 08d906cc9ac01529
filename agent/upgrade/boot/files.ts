/**
 * A boot loader that is a JSON file, for the lab and for tests: the slots are plain files, and the restart is a call (nextBoot)
 * that picks a slot and counts its try as real loaders do.
 */

import { z } from 'zod';
import { Failure } from '../../../proto/failure.ts';
import {
  type ArmOptions,
  type BootBackend,
  type BootState,
  type Deployment,
  otherSlot,
  SLOT_NAMES,
  type SlotHealth,
  type SlotName,
  type SlotState,
} from './backend.ts';
import { hasKernel, OWN_FOLDER, removeStaleAssets } from './boot-assets.ts';
import type { BootFolder } from './boot-folder.ts';
import { fullCommandLine } from './deployment.ts';
import { LoaderBackend } from './loader-backend.ts';
import { notRunning, refuseRunning, refuseWithoutFallback } from './refusals.ts';
import type { SlotRecords } from './slot-records.ts';
import type { SlotDevices } from './slot-store.ts';

/** The file that stands for the boot loader. */
export const FILES_LOADER = `${OWN_FOLDER}/loader.json`;
const FRESH = `${FILES_LOADER}.new`;

const SLOT = z.object({
  health: z.enum(['empty', 'invalid', 'armed', 'good', 'bad']),
  /** Boots that are left; not counted where it is not there. */
  left: z.number().optional(),
  deployId: z.string().optional(),
  commandLine: z.string(),
});
const LOADER = z.object({
  v: z.literal(1),
  booted: z.enum(['a', 'b']),
  /** What nodectl.deploy= said of this boot. */
  deployId: z.string().optional(),
  order: z.tuple([z.enum(['a', 'b']), z.enum(['a', 'b'])]),
  slots: z.object({ a: SLOT, b: SLOT }),
});
type Loader = z.infer<typeof LOADER>;

/** What a restart came to. */
export interface NextBoot {
  readonly slot: SlotName;
  readonly deployId?: string;
  readonly commandLine: string;
}

function boots({ health, left }: Loader['slots']['a']): boolean {
  return (health === 'good' || health === 'armed') && (left ?? 1) > 0;
}

function nextOf({ order, slots, booted }: Loader): SlotName {
  return order.find((slot) => boots(slots[slot])) ?? booted;
}

function read(disk: BootFolder): Loader {
  const text = disk.read(FILES_LOADER)?.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    value = undefined;
  }
  const { data } = LOADER.safeParse(value);
  if (data) return data;
  throw new Failure('UPGRADE_BOOT_UNREADABLE', `${disk.path}/${FILES_LOADER} is missing or damaged`);
}

async function write(disk: BootFolder, loader: Loader): Promise<void> {
  await disk.create(FRESH, Buffer.from(`${JSON.stringify(loader, undefined, 2)}\n`));
  disk.rename(FRESH, FILES_LOADER);
  disk.syncFolder(OWN_FOLDER);
}

/** Makes the loader of a machine that runs from slot a and has nothing in b. */
export async function installFilesLoader(disk: BootFolder, deployId?: string): Promise<void> {
  disk.makeFolder(OWN_FOLDER);
  await write(disk, {
    v: 1,
    booted: 'a',
    ...(deployId === undefined ? {} : { deployId }),
    order: ['a', 'b'],
    slots: {
      a: { health: 'good', commandLine: '', ...(deployId === undefined ? {} : { deployId }) },
      b: { health: 'empty', commandLine: '' },
    },
  });
}

/** The restart: picks a slot, counts its try, and gives what the kernel would be told. @throws Failure UPGRADE_BOOT_UNREADABLE */
export async function nextBoot(disk: BootFolder): Promise<NextBoot> {
  const loader = read(disk);
  const slot = nextOf(loader);
  const chosen = loader.slots[slot];
  if (chosen.left !== undefined) chosen.left = Math.max(0, chosen.left - 1);
  loader.booted = slot;
  const { deployId, commandLine } = chosen;
  if (deployId === undefined) delete loader.deployId;
  else loader.deployId = deployId;
  await write(disk, loader);
  return { slot, commandLine, ...(deployId === undefined ? {} : { deployId }) };
}

/** The backend of that loader. */
export class FilesBackend extends LoaderBackend implements BootBackend {
  readonly kind = 'files';

  constructor(disk: BootFolder, records: SlotRecords, devices: SlotDevices) {
    super({ disk, records, devices, running: () => ({ slot: read(disk).booted }) });
  }

  async state(): Promise<BootState> {
    const loader = read(this.disk);
    const problems: string[] = [];
    const slot = (name: SlotName): SlotState => {
      const { health, left, deployId } = loader.slots[name];
      const { device, bytes, problem } = this.devices.look(name);
      if (problem !== undefined) problems.push(problem);
      const deployment = deployId === undefined ? undefined : this.records.find(name, deployId);
      const spent: SlotHealth = health === 'armed' && left === 0 ? 'bad' : health;
      return {
        ...{ name, device, bytes, health: loader.booted === name ? health : spent },
        ...(left === undefined ? {} : { triesLeft: left }),
        ...(deployment === undefined ? {} : { deployment }),
      };
    };
    return {
      backend: 'files',
      booted: loader.booted,
      ...(loader.deployId === undefined ? {} : { bootedDeployId: loader.deployId }),
      next: nextOf(loader),
      slots: { a: slot('a'), b: slot('b') },
      problems,
    };
  }

  async invalidate(slot: SlotName): Promise<void> {
    const loader = read(this.disk);
    refuseRunning(slot, loader.booted, 'invalidated');
    refuseWithoutFallback(slot, loader.slots[loader.booted].health === 'good');
    loader.slots[slot] = { health: 'invalid', commandLine: '' };
    await write(this.disk, loader);
  }

  protected takes(slot: SlotName): boolean {
    return boots(read(this.disk).slots[slot]);
  }

  async arm(slot: SlotName, deployment: Deployment, options: ArmOptions): Promise<void> {
    this.toArm(slot, deployment, options);
    const loader = read(this.disk);
    const { deployId } = deployment;
    this.records.put(slot, deployment);
    const commandLine = fullCommandLine(slot, this.devices.root(slot), deployId, options.commandLine);
    loader.slots[slot] = { health: 'armed', left: options.tries, deployId, commandLine };
    loader.order = [slot, otherSlot(slot)];
    await write(this.disk, loader);
  }

  async disarm(slot: SlotName, before: Deployment, commandLine: string): Promise<void> {
    const booted = this.toDisarm(slot, commandLine);
    const loader = read(this.disk);
    refuseWithoutFallback(slot, boots(loader.slots[booted]));
    this.remember(slot, before);
    const { deployId } = before;
    loader.slots[slot] = {
      health: 'good',
      ...(deployId === '' ? {} : { deployId }),
      commandLine: fullCommandLine(slot, this.devices.root(slot), deployId, commandLine),
    };
    loader.order = [booted, slot];
    await write(this.disk, loader);
  }

  async confirm(slot: SlotName, deployId: string | undefined): Promise<void> {
    const loader = read(this.disk);
    notRunning(slot, deployId, loader.booted, loader.deployId);
    const { left: _, ...rest } = loader.slots[slot];
    loader.slots[slot] = { ...rest, health: 'good' };
    loader.order = [slot, otherSlot(slot)];
    await write(this.disk, loader);
  }

  async markBad(slot: SlotName): Promise<void> {
    const loader = read(this.disk);
    refuseWithoutFallback(slot, boots(loader.slots[otherSlot(slot)]));
    loader.slots[slot].health = 'bad';
    loader.order = [otherSlot(slot), slot];
    await write(this.disk, loader);
  }

  async repair(): Promise<string[]> {
    const done: string[] = [];
    const { booted } = read(this.disk);
    if (this.disk.info(FRESH)) {
      this.disk.unlink(FRESH);
      done.push(`removed ${FRESH}, which a killed writer left`);
    }
    for (const slot of SLOT_NAMES) {
      const stale = removeStaleAssets(this.disk, slot);
      done.push(...stale.map((path) => `removed ${path}, which a killed writer left`));
      if (slot === booted || hasKernel(this.disk, slot)) continue;
      const loader = read(this.disk);
      if (!boots(loader.slots[slot])) continue;
      loader.slots[slot].health = 'invalid';
      await write(this.disk, loader);
      done.push(`slot ${slot} has no kernel any more: the loader boots it no more`);
    }
    return done;
  }
}
