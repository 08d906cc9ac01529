/** A node for tests: two plain files, a boot loader of files, and a restart that is a call. Everything below one folder. */

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keyring } from '../../../proto/image/keyring.ts';
import { LiveMachine } from '../../host/live-machine.ts';
import type { Machine, ToolOutput } from '../../host/machine.ts';
import { MemoryMachine } from '../../sim/memory-machine.ts';
import { DiskBootFolder } from '../boot/boot-folder.ts';
import { FilesBackend, installFilesLoader, nextBoot } from '../boot/files.ts';
import { SlotRecords } from '../boot/slot-records.ts';
import { SlotDevices } from '../boot/slot-store.ts';
import { UpgradeEngine } from '../engine.ts';
import { UpgradeDeadline } from '../health/deadline.ts';
import type { BootControl, GateOrder, KnownTroubles, Verdict } from '../hooks.ts';
import type { UpgradePolicy, WantedOptions } from '../policy.ts';
import type { UpgradeParts } from '../site.ts';
import { slotOpener } from '../slot-handle.ts';
import { SlotImages } from '../slot-images.ts';
import { sha256, type TestImage } from './test-image.ts';

/** What a test sets of a node. */
export interface TestNode {
  readonly keyring: Keyring;
  readonly step?: (name: string) => void;
  readonly policy?: UpgradePolicy;
  readonly configTrial?: boolean;
  readonly threshold?: number;
  readonly gate?: (order: GateOrder) => Verdict;
  readonly troubles?: KnownTroubles;
  readonly now?: () => number;
  /** What tells of slots that are devices. */
  readonly machine?: Machine;
  /** Changes what the engine is given. */
  readonly change?: (parts: UpgradeParts) => UpgradeParts;
}

/** What a caller wants where a test does not care. */
export const WANTED: WantedOptions = {
  ...{ confirmation: undefined, deadlineSeconds: undefined, tries: undefined, allowDowngrade: false },
  ...{ acceptTroubles: [], noReboot: false, reinstall: false, message: '', peers: [], quorum: 0 },
};
/** Who upgrades, in tests. */
export const AUTHOR = 'nodectl://operator/test/admin';

const paths = (folder: string) => ({
  boot: join(folder, 'boot'),
  state: join(folder, 'state'),
  slots: { a: join(folder, 'a.img'), b: join(folder, 'b.img') },
  bootId: join(folder, 'boot-id'),
  wanted: join(folder, 'reboot-wanted'),
});

/** Makes a node that runs an image from slot a. @param spare bytes of the slots beyond the image */
export async function makeNode(folder: string, image: TestImage, spare = 1 << 20): Promise<void> {
  const { boot, state, slots, bootId } = paths(folder);
  mkdirSync(boot, { recursive: true });
  mkdirSync(state, { recursive: true });
  const { root } = image.parts;
  writeFileSync(slots.a, Buffer.concat([root], root.length + spare));
  writeFileSync(slots.b, Buffer.alloc(root.length + spare));
  writeFileSync(bootId, '1');
  await installFilesLoader(diskOf(folder));
  mkdirSync(join(boot, 'nodectl/a'));
  writeFileSync(join(boot, 'nodectl/a/vmlinuz'), image.parts.kernel ?? '');
  const { name, version, serial } = image.manifest;
  new SlotImages(state).set({
    ...{ slot: 'a', minSerial: 0, commandLine: '', deployId: '', deploySerial: 0, writtenMs: 0 },
    image: { name, version, serial, rootSha256: sha256(root), rootSize: root.length },
  });
}

/** The same in a new folder below another, which it gives. */
export async function newNode(top: string, image: TestImage, spare?: number): Promise<string> {
  const folder = mkdtempSync(join(top, 'n-'));
  await makeNode(folder, image, spare);
  return folder;
}

/** An engine of the node, as an agent makes one when it starts. `open` is still to be called. */
export function nodeEngine(folder: string, node: TestNode): UpgradeEngine {
  const { state, slots } = paths(folder);
  const devices = new SlotDevices(slots, node.machine ?? new LiveMachine());
  const parts: UpgradeParts = {
    folder: state,
    backend: new FilesBackend(diskOf(folder), new SlotRecords(join(state, 'slots')), devices),
    slots: slotOpener(devices),
    boot: bootControl(folder, node.step),
    gate: {
      baseline: async () => ({ units: [] }),
      run: async (order) => node.gate?.(order) ?? { healthy: true, failed: [] },
    },
    deadline: new UpgradeDeadline(state, new MemoryMachine({ files: new Map() }), assert.fail),
    peers: { seen: async () => undefined },
    troubles: node.troubles ?? { against: async () => [] },
    trust: {
      keyring: () => node.keyring,
      threshold: node.threshold ?? 1,
      compatible: ['nodectl-x86-64'],
    },
    policy: () => node.policy ?? {},
    configTrial: () => node.configTrial ?? false,
    freeBytes: () => 1 << 30,
    now: node.now ?? Date.now,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    ...(node.step ? { step: node.step } : {}),
  };
  return new UpgradeEngine(node.change?.(parts) ?? parts);
}

/** The same, opened: what a restart left is ended. */
export async function openEngine(folder: string, node: TestNode): Promise<UpgradeEngine> {
  const engine = nodeEngine(folder, node);
  await engine.open();
  return engine;
}

/** Waits until something holds of what the engine tells. */
export async function untilEngine(engine: UpgradeEngine, done: () => boolean): Promise<void> {
  while (!done())
    await new Promise<void>((resolve) => {
      const off = engine.site.onChange(() => {
        off();
        resolve();
      });
    });
}

/** Whether the node was told to restart. */
export function rebootWanted(folder: string): boolean {
  return existsSync(paths(folder).wanted);
}

/** Restarts the node: its boot loader picks a slot. An image that panics is tried as often as the loader does. Gives the slot. */
export async function restart(
  folder: string,
  panics: (slot: string) => boolean = () => false,
): Promise<string> {
  const { bootId, wanted } = paths(folder);
  rmSync(wanted, { force: true });
  for (let boots = 0; boots < 10; boots++) {
    const { slot } = await nextBoot(diskOf(folder));
    writeFileSync(bootId, String(Number(readFileSync(bootId, 'utf8')) + 1));
    if (!panics(slot)) return slot;
  }
  throw new Error('no slot comes up');
}

/** What a slot holds. */
export function slotBytes(folder: string, slot: 'a' | 'b'): Buffer {
  return readFileSync(paths(folder).slots[slot]);
}

/** What is beside the boot loader for a slot. */
export function bootFile(folder: string, slot: 'a' | 'b', name: 'vmlinuz' | 'initrd.img'): Buffer {
  return readFileSync(join(paths(folder).boot, 'nodectl', slot, name));
}

/** A copy of the node, as a crash at this moment leaves it. */
export function copyNode(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
}

/** The state that the boot loader of a node has. */
export function bootState(folder: string) {
  const { state, slots } = paths(folder);
  const devices = new SlotDevices(slots, new LiveMachine());
  return new FilesBackend(diskOf(folder), new SlotRecords(join(state, 'slots')), devices).state();
}

/** Flushing a whole file system would wait for all tests that run beside. */
class QuietMachine extends LiveMachine {
  override async run(...[program, ...rest]: Parameters<LiveMachine['run']>): Promise<ToolOutput> {
    return program === 'sync' ? { code: 0, stdout: '', stderr: '' } : super.run(program, ...rest);
  }
}

function diskOf(folder: string): DiskBootFolder {
  return new DiskBootFolder(paths(folder).boot, new QuietMachine());
}

function bootControl(folder: string, step: TestNode['step']): BootControl {
  const { bootId, wanted } = paths(folder);
  return {
    bootId: () => readFileSync(bootId, 'utf8'),
    reboot: async () => {
      writeFileSync(wanted, 'yes');
      step?.('machine goes down');
    },
    previousLog: async () => ['Kernel panic - not syncing: no working init found'],
  };
}
