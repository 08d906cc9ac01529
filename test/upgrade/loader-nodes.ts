/** Nodes with one of the boot loaders, each a folder: the upgrade engine is the real one, the loader its model, and a restart is a call. */

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveMachine } from '../../agent/host/live-machine.ts';
import { type BootBackend, otherSlot, type SlotName } from '../../agent/upgrade/boot/backend.ts';
import { type BootFolder, DiskBootFolder } from '../../agent/upgrade/boot/boot-folder.ts';
import { FilesBackend } from '../../agent/upgrade/boot/files.ts';
import { GrubBackend } from '../../agent/upgrade/boot/grub.ts';
import type { RunningSlot } from '../../agent/upgrade/boot/running-slot.ts';
import { SlotRecords } from '../../agent/upgrade/boot/slot-records.ts';
import { SlotDevices } from '../../agent/upgrade/boot/slot-store.ts';
import { SystemdBootBackend } from '../../agent/upgrade/boot/systemd-boot.ts';
import type { UpgradeEngine } from '../../agent/upgrade/engine.ts';
import { SlotImages } from '../../agent/upgrade/slot-images.ts';
import type { Upgrade } from '../../agent/upgrade/state.ts';
import { offerAndSend } from '../../agent/upgrade/testing/offer-and-send.ts';
import type { TestImage } from '../../agent/upgrade/testing/test-image.ts';
import { makeNode, nodeEngine, rebootWanted, untilEngine } from '../../agent/upgrade/testing/test-node.ts';
import type { Keyring } from '../../proto/image/keyring.ts';
import { FolderView, installLoader, type LoaderName, runLoader, writeLoader } from '../kills/loaders.ts';
import { runningOf } from './boot-scenario.ts';

const SPARE = 128 << 10;
/** Boots that are looked at where nothing ever confirms: the tries of one slot, and the other slot's. */
const BOOTS = 6;
/** Calls of a boot folder that write. */
const WRITES = ['overwrite', 'create', 'rename', 'unlink', 'makeFolder', 'syncFolder', 'syncAll'];

/** Nodes with one of the loaders, all of which hold the same images. */
export class LoaderNodes {
  readonly #loader: LoaderName;
  readonly #keyring: Keyring;
  /** What each slot holds. */
  readonly #holds: Record<SlotName, TestImage>;

  /** @param first the image that nodes are made with */
  constructor(loader: LoaderName, keyring: Keyring, first: TestImage) {
    this.#loader = loader;
    this.#keyring = keyring;
    this.#holds = { a: first, b: first };
  }

  /** Makes one in a folder, which runs the first image from slot a. */
  async make(folder: string): Promise<void> {
    const first = this.#holds.a;
    await makeNode(folder, first, SPARE);
    writeFileSync(join(folder, 'boot/nodectl/a/initrd.img'), first.parts.initrd ?? '');
    await installLoader(this.#loader, join(folder, 'boot'));
    this.restart(folder);
  }

  /** The loader picks a slot and counts the boot. */
  restart(folder: string): SlotName {
    const boot = join(folder, 'boot');
    const run = runLoader(this.#loader, new FolderView(boot), rootsOf(folder));
    writeLoader(boot, run.writes);
    const running = runningOf(run);
    writeFileSync(join(folder, 'running.json'), JSON.stringify(running));
    rmSync(join(folder, 'reboot-wanted'), { force: true });
    writeFileSync(join(folder, 'boot-id'), String(Number(readFileSync(join(folder, 'boot-id'), 'utf8')) + 1));
    return running.slot;
  }

  /** What would be started now, and at each boot after it, is a slot with the kernel and initrd of its image. */
  boots(folder: string, at: string): void {
    const view = new FolderView(join(folder, 'boot'));
    for (let boots = 1; boots <= BOOTS; boots++) {
      const run = runLoader(this.#loader, view, rootsOf(folder));
      view.take(run.writes);
      assert.ok(run.started, `${at}: boot ${boots} starts nothing`);
      const { kernel, initrd } = this.#holds[runningOf(run).slot].parts;
      assert.ok(run.started.kernel.equals(kernel ?? Buffer.alloc(0)), `${at}: the kernel of boot ${boots}`);
      assert.ok(run.started.initrd?.equals(initrd ?? Buffer.alloc(0)), `${at}: the initrd of boot ${boots}`);
    }
  }

  #backend(folder: string, step: (name: string) => void = () => undefined): BootBackend {
    const disk = watched(new DiskBootFolder(join(folder, 'boot'), new LiveMachine()), step);
    const records = new SlotRecords(join(folder, 'state/slots'));
    const devices = new SlotDevices(rootsOf(folder), new LiveMachine());
    const running = () => JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')) as RunningSlot;
    if (this.#loader === 'files') return new FilesBackend(disk, records, devices);
    const parts = { disk, records, devices, running };
    if (this.#loader === 'grub') return new GrubBackend(parts);
    return new SystemdBootBackend({ ...parts, machine: new LiveMachine(join(folder, 'host')) });
  }

  /** Starts the agent's engine. @param step told of each step, and of each write to the boot loader's folder before it is made */
  async open(folder: string, step: (name: string) => void = () => undefined): Promise<UpgradeEngine> {
    const engine = nodeEngine(folder, {
      ...{ keyring: this.#keyring, step },
      change: (parts) => ({ ...parts, backend: this.#backend(folder, step) }),
    });
    await engine.open();
    return engine;
  }

  /** Goes on by itself, over as many restarts as it takes, until nothing is under way. */
  async finish(folder: string, step?: (name: string) => void): Promise<Upgrade> {
    for (let boots = 0; boots < BOOTS; boots++) {
      const engine = await this.open(folder, step);
      await untilEngine(engine, () => !engine.site.current || rebootWanted(folder));
      const { current } = engine.site;
      const found = engine.find('') ?? assert.fail('an upgrade is known');
      await engine.close();
      if (!current) return found;
      this.restart(folder);
      step?.('booted');
    }
    throw new Error('the upgrade never ended');
  }

  /** Upgrades the slot that does not run, and confirms it. */
  async upgrade(folder: string, image: TestImage): Promise<void> {
    const engine = await this.open(folder);
    const target = otherSlot((await this.known(folder)).booted);
    await offerAndSend(engine, image);
    await untilEngine(engine, () => rebootWanted(folder));
    await engine.close();
    this.restart(folder);
    assert.equal((await this.finish(folder)).state, 'confirmed');
    this.#holds[target] = image;
  }

  /** What is known of both slots: the loader's word and the agent's. */
  async known(folder: string) {
    const { booted, next, slots } = await this.#backend(folder).state();
    const images = new SlotImages(join(folder, 'state'));
    // Each copy of a node has paths of its own, and some loaders count the boots of a good slot as well.
    const of = ({ health, deployment, name }: (typeof slots)['a']) => ({
      ...{ health, deployment, image: images.get(name) },
    });
    return { booted, next, a: of(slots.a), b: of(slots.b) };
  }
}

const rootsOf = (folder: string) => ({ a: join(folder, 'a.img'), b: join(folder, 'b.img') });

/** A boot folder that tells of each write before it is made. Flushing a whole file system would wait for all tests that run beside. */
function watched(disk: DiskBootFolder, step: (name: string) => void): BootFolder {
  return new Proxy<BootFolder>(disk, {
    get: (_, name) => {
      const value: unknown = Reflect.get(disk, name, disk);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (WRITES.includes(String(name))) step(`before ${String(name)} ${args[0] ?? ''}`);
        return name === 'syncAll' ? Promise.resolve() : value.apply(disk, args);
      };
    },
  });
}
