/**
 * Every power cut in memory: from each state that one may leave in two upgrades, a failed one and a rollback, the loader's model
 * starts a complete slot, in every boot from there, also when nothing ever confirms; and the agent's repair, itself cut at every
 * step, ends at one state from which the next upgrade works.
 */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LiveMachine } from '../../agent/host/live-machine.ts';
import type { BootBackend } from '../../agent/upgrade/boot/backend.ts';
import { GRUB_COPIES, GrubBackend, installedEnvironment } from '../../agent/upgrade/boot/grub.ts';
import { encodeEnvironment } from '../../agent/upgrade/boot/grub-environment.ts';
import { SlotRecords } from '../../agent/upgrade/boot/slot-records.ts';
import { SlotDevices } from '../../agent/upgrade/boot/slot-store.ts';
import { SystemdBootBackend } from '../../agent/upgrade/boot/systemd-boot.ts';
import { INSTALLED_ENTRY } from '../../agent/upgrade/boot/testing/boot-machine.ts';
import { type FileView, type LoaderRun, runGrub, runSystemdBoot } from './boot-models.ts';
import {
  assertComplete,
  assertTidy,
  install,
  runningOf,
  type ScenarioMachine,
  scenario,
  versionAssets,
} from './boot-scenario.ts';
import { crashStates, type DiskState, MemoryDisk } from './memory-disk.ts';
import { seededRandom } from './seeded.ts';

// In memory where there is such a place: the agent's records are flushed thousands of times.
const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-boot-crash-'));
after(() => rmSync(top, { recursive: true }));
const ROOTS = { a: 'PARTUUID=aa', b: 'PARTUUID=bb' };
const live = new LiveMachine(join(top, 'host'));
const devices = new SlotDevices(ROOTS, live);
const records = new SlotRecords(join(top, 'records'));

interface Loader {
  readonly fat: boolean;
  files(): Record<string, Buffer | string>;
  run(view: FileView): LoaderRun;
  backend(disk: MemoryDisk, running: () => ScenarioMachine['running']): BootBackend;
}

const LOADERS: Record<string, Loader> = {
  GRUB: {
    fat: false,
    files: () =>
      Object.fromEntries(GRUB_COPIES.map((path) => [path, encodeEnvironment(installedEnvironment())])),
    run: (view) => runGrub(view, ROOTS),
    backend: (disk, running) => new GrubBackend({ disk, records, devices, running }),
  },
  'GRUB on FAT': {
    fat: true,
    files: () =>
      Object.fromEntries(GRUB_COPIES.map((path) => [path, encodeEnvironment(installedEnvironment())])),
    run: (view) => runGrub(view, ROOTS),
    backend: (disk, running) => new GrubBackend({ disk, records, devices, running }),
  },
  'systemd-boot': {
    fat: true,
    files: () => ({ 'loader/entries/nodectl-a.conf': INSTALLED_ENTRY }),
    run: runSystemdBoot,
    backend: (disk, running) => new SystemdBootBackend({ disk, records, devices, machine: live, running }),
  },
};

async function installed(loader: Loader): Promise<DiskState> {
  const disk = new MemoryDisk(loader.fat);
  for (const path of ['loader', 'loader/entries', 'nodectl', 'nodectl/a']) disk.makeFolder(path);
  for (const [path, content] of Object.entries(loader.files())) await disk.create(path, Buffer.from(content));
  const { kernel, initrd } = versionAssets('v1');
  await disk.create('nodectl/a/vmlinuz', kernel.open());
  if (initrd) await disk.create('nodectl/a/initrd.img', initrd.open());
  disk.writeRoot('a', 'v1');
  return disk.state;
}

/** The loader's run on a disk: its writes are steps of the disk's. */
function boot(loader: Loader, disk: MemoryDisk): LoaderRun {
  const run = loader.run(disk);
  for (const write of run.writes)
    if (write.kind === 'overwrite') disk.overwrite(write.path, write.content);
    else {
      disk.rename(write.from, write.to);
      disk.syncFolder('loader/entries');
    }
  return run;
}

function machineOf(loader: Loader, disk: MemoryDisk): ScenarioMachine {
  const machine: ScenarioMachine = {
    running: { slot: 'a' },
    backend: loader.backend(disk, () => machine.running),
    writeRoot: (slot, version) => disk.writeRoot(slot, version),
    restart: () => {
      // What the machine wrote before it restarted in good order is on disk.
      disk.log.push({ kind: 'flush-all' });
      return boot(loader, disk);
    },
  };
  return machine;
}

/** Boots that are looked at where nothing ever confirms. */
const BOOTS = 8;

/** Boots a state again and again: each time a complete slot starts. Gives the machine after the first boot. */
function boots(loader: Loader, state: DiskState, at: string): { disk: MemoryDisk; run: LoaderRun } {
  const disk = new MemoryDisk(loader.fat, state.copy());
  for (let count = 0; count < BOOTS; count++)
    assertComplete(boot(loader, disk), (slot) => disk.state.roots[slot], `${at}, boot ${count + 1}`);
  const first = new MemoryDisk(loader.fat, state.copy());
  return { run: boot(loader, first), disk: new MemoryDisk(loader.fat, first.state) };
}

for (const [name, loader] of Object.entries(LOADERS))
  test(`${name}: a power cut anywhere leaves a complete slot, and repair ends at one state`, async (t) => {
    const random = seededRandom(20_261_128);
    const disk = new MemoryDisk(loader.fat, await installed(loader));
    await scenario(machineOf(loader, disk));
    let [states, repairs] = [0, 0];
    const repaired = new Set<string>();
    for (const { at, state } of crashStates(disk, random)) {
      states++;
      const where = `step ${at} of ${disk.log.length}`;
      const booted = boots(loader, state, where);
      if (repaired.has(booted.disk.state.digest())) continue;
      repaired.add(booted.disk.state.digest());
      const machine = machineOf(loader, booted.disk);
      machine.running = runningOf(booted.run);
      await machine.backend.repair();
      for (const again of crashStates(booted.disk, random)) {
        repairs++;
        boots(loader, again.state, `${where}, then repair’s step ${again.at}`);
      }
      assert.deepEqual(await machine.backend.repair(), [], where);
      assertTidy(booted.disk, where);
      const after = await machine.backend.state();
      assert.equal(after.booted, machine.running.slot);
      assert.deepEqual(
        after.problems.filter((one) => !/cannot be used/.test(one)),
        [],
        where,
      );
      const next = loader.run(booted.disk).started?.slot;
      assert.equal(after.next, next, `${where}: the state says what the loader does`);
      await machine.backend.confirm(machine.running.slot, machine.running.deployId);
      const target = machine.running.slot === 'a' ? 'b' : 'a';
      await install(machine, target, 'v9', 99);
      const end = boot(loader, booted.disk);
      assertComplete(end, (slot) => booted.disk.state.roots[slot], `${where}, after the next upgrade`);
      assert.equal(end.started?.slot, target, where);
    }
    t.diagnostic(`${disk.log.length} steps, ${states} states, ${repairs} states of repairs`);
    assert.ok(states > 120, `${states} states`);
  });
