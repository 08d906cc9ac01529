/**
 * The upgrades of a simulated node: its slots are two plain files, its boot loader is a JSON file, and its restart ends the agent and
 * starts it again in the slot that the loader picks. An image whose command line says sim=panic does not come up.
 */

import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveMachine } from '../host/live-machine.ts';
import type { ToolOutput } from '../host/machine.ts';
import { Unavailable } from '../host/unavailable.ts';
import type { UpgradeSettings } from '../settings/settings.ts';
import { DiskBootFolder } from '../upgrade/boot/boot-folder.ts';
import { installFilesLoader, nextBoot } from '../upgrade/boot/files.ts';
import type { SimulatedUpgrades } from '../upgrade/services.ts';
import { SlotImages } from '../upgrade/slot-images.ts';

/** What such a node is, and what an image for it has to be made for. */
export const SIMULATED_COMPATIBLE = 'nodectl-lab';
/** Large enough for a root with something in it; the files are sparse. */
const SLOT_BYTES = 64 << 20;
/** What such a node runs at first. */
const MADE_WITH = { name: 'lab', version: 'as made', serial: 0 };
const ROOT_BYTES = 4_096;
/** Simulated machines do not change: they are well or they are not. */
const SETTLE_MS = 500;
/** A loader counts three tries at most, so that more boots in a row are a defect. */
const MOST_BOOTS = 8;

/** What a lab does with such a node. */
export interface SimulatedUpgradeHost {
  readonly settings: UpgradeSettings;
  readonly simulated: SimulatedUpgrades;
  /** The firmware, the boot loader and the kernel: gives when a slot has come up. @throws when none does */
  boot(): Promise<void>;
}

/**
 * Makes the parts of a node, where they are not there yet, and notes what it was made with as whoever makes a machine does.
 * @param folder for the machine's own
 * @param state the agent's state folder
 * @param keys the folder of the keys that images are trusted by
 * @param restart ends the agent and, after `boot`, starts it again. It must not wait for the agent, which waits for it.
 */
export async function simulatedUpgradeHost(
  folder: string,
  state: string,
  keys: string,
  restart: () => void,
): Promise<SimulatedUpgradeHost> {
  const paths = {
    boot: join(folder, 'boot'),
    slots: { a: join(folder, 'slot-a.img'), b: join(folder, 'slot-b.img') },
    bootId: join(folder, 'boot-id'),
    crash: join(folder, 'crash.log'),
  };
  const machine = new SlotMachine();
  const disk = new DiskBootFolder(paths.boot, machine);
  if (!existsSync(paths.bootId)) {
    mkdirSync(join(paths.boot, 'nodectl/a'), { recursive: true });
    writeFileSync(join(paths.boot, 'nodectl/a/vmlinuz'), 'the kernel that the node was made with\n');
    const root = Buffer.alloc(ROOT_BYTES, 'the root that the node was made with\n');
    writeFileSync(paths.slots.a, root);
    writeFileSync(paths.slots.b, '');
    for (const slot of Object.values(paths.slots)) truncateSync(slot, SLOT_BYTES);
    await installFilesLoader(disk);
    const rootSha256 = createHash('sha256').update(root).digest('hex');
    new SlotImages(join(state, 'upgrade')).set({
      ...{ slot: 'a', image: { ...MADE_WITH, rootSha256, rootSize: root.length } },
      ...{ minSerial: 0, commandLine: '', deployId: '', deploySerial: 0, writtenMs: 0 },
    });
    writeFileSync(paths.bootId, newBootId());
  }
  return {
    settings: {
      ...{ keys, threshold: 1, compatible: [SIMULATED_COMPATIBLE], backend: 'files' },
      ...{ bootFolder: paths.boot, slots: paths.slots },
    },
    simulated: {
      machine,
      settleMs: SETTLE_MS,
      boot: {
        bootId: () => readFileSync(paths.bootId, 'utf8'),
        reboot: async () => restart(),
        previousLog: async (most) =>
          existsSync(paths.crash) ? readFileSync(paths.crash, 'utf8').trimEnd().split('\n').slice(-most) : [],
      },
    },
    boot: async () => {
      writeFileSync(paths.crash, '');
      for (let boots = 0; boots < MOST_BOOTS; boots++) {
        writeFileSync(paths.bootId, newBootId());
        const { commandLine } = await nextBoot(disk);
        if (!commandLine.split(' ').includes('sim=panic')) return;
        writeFileSync(paths.crash, panicOf(commandLine));
      }
      throw new Error(`${folder}: no slot comes up`);
    },
  };
}

function newBootId(): string {
  return randomUUID().replaceAll('-', '');
}

/** What a kernel without a program to start says, in its own words. */
function panicOf(commandLine: string): string {
  return [
    `kernel: Command line: ${commandLine}`,
    'kernel: VFS: Mounted root (ext4 filesystem) readonly on device 254:3.',
    'kernel: Run /sbin/init as init process',
    'kernel: Kernel panic - not syncing: No working init found.  Try passing init= option to kernel.',
    'kernel: Rebooting in 10 seconds..',
    '',
  ].join('\n');
}

/** A machine as far as slots in files need it: nothing of it is changed, and flushing all of its disks would hold a lab up. */
export class SlotMachine extends LiveMachine {
  override has(path: string): boolean {
    return path !== 'run/systemd/system' && super.has(path);
  }

  override async run(program: string): Promise<ToolOutput> {
    if (program === 'sync') return { code: 0, stdout: '', stderr: '' };
    throw new Unavailable('missing-tool', `${program} is not there`);
  }
}
