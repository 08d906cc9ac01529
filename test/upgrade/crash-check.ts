/**
 * What must hold of a state that a power cut left: a complete slot starts, in every boot from there; the agent's repair, itself cut
 * at every step, ends at one state; and the next upgrade works.
 */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveMachine } from '../../agent/host/live-machine.ts';
import type { BootBackend } from '../../agent/upgrade/boot/backend.ts';
import { GRUB_COPIES, GrubBackend, installedEnvironment } from '../../agent/upgrade/boot/grub.ts';
import { encodeEnvironment } from '../../agent/upgrade/boot/grub-environment.ts';
import { SlotRecords } from '../../agent/upgrade/boot/slot-records.ts';
import { SlotDevices } from '../../agent/upgrade/boot/slot-store.ts';
import { SystemdBootBackend } from '../../agent/upgrade/boot/systemd-boot.ts';
import { INSTALLED_ENTRY } from '../../agent/upgrade/boot/testing/boot-machine.ts';
import { type FileView, type LoaderRun, runGrub, runSystemdBoot } from './boot-models.ts';
import { assertComplete, assertTidy, install, runningOf, type ScenarioMachine } from './boot-scenario.ts';
import { crashStates, type DiskState, MemoryDisk } from './memory-disk.ts';

const ROOTS = { a: 'PARTUUID=aa', b: 'PARTUUID=bb' };
/** Boots that are looked at where nothing ever confirms. */
const BOOTS = 8;

/** A boot loader on a kind of file system. */
export interface LoaderUnderTest {
  /** Whether a rename is two changes there. */
  readonly fat: boolean;
  /** What it goes by on a machine that was just installed. */
  readonly files: Readonly<Record<string, Buffer | string>>;
  run(view: FileView): LoaderRun;
  backend(disk: MemoryDisk, running: () => ScenarioMachine['running']): BootBackend;
}

/** All of them by name. */
export type LoadersUnderTest = Readonly<Record<'GRUB' | 'GRUB on FAT' | 'systemd-boot', LoaderUnderTest>>;

/** What the checks share: the agent's records, in memory where there is such a place, since they are flushed thousands of times. */
export class CrashCheck {
  readonly loaders: LoadersUnderTest;
  readonly #top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-boot-crash-'));
  readonly #bytes: number | undefined;
  readonly #random: () => number;

  /** @param bytes of a kernel; the model's own unless told */
  constructor(random: () => number, bytes?: number) {
    this.#random = random;
    this.#bytes = bytes;
    const machine = new LiveMachine(join(this.#top, 'host'));
    const devices = new SlotDevices(ROOTS, machine);
    const records = new SlotRecords(join(this.#top, 'records'));
    const environment = encodeEnvironment(installedEnvironment());
    const grub = {
      files: Object.fromEntries(GRUB_COPIES.map((path) => [path, environment])),
      run: (view: FileView) => runGrub(view, ROOTS),
      backend: (disk: MemoryDisk, running: () => ScenarioMachine['running']) =>
        new GrubBackend({ disk, records, devices, running }),
    };
    this.loaders = {
      GRUB: { ...grub, fat: false },
      'GRUB on FAT': { ...grub, fat: true },
      'systemd-boot': {
        fat: true,
        files: { 'loader/entries/nodectl-a.conf': INSTALLED_ENTRY },
        run: runSystemdBoot,
        backend: (disk, running) => new SystemdBootBackend({ disk, records, devices, machine, running }),
      },
    };
  }

  /** Removes the records. */
  close(): void {
    rmSync(this.#top, { recursive: true });
  }

  /** A machine on a disk in memory. */
  machine(loader: LoaderUnderTest, disk: MemoryDisk): ScenarioMachine {
    const machine: ScenarioMachine = {
      running: { slot: 'a' },
      backend: loader.backend(disk, () => machine.running),
      writeRoot: (slot, version) => disk.writeRoot(slot, version),
      restart: () => {
        // What the machine wrote before it restarted in good order is on disk.
        disk.log.push({ kind: 'flush-all' });
        return boot(loader, disk);
      },
      ...(this.#bytes === undefined ? {} : { assetBytes: this.#bytes }),
    };
    return machine;
  }

  /** Boots a state again and again, with an agent that never comes up: each time a complete slot starts. */
  boots(loader: LoaderUnderTest, state: DiskState, at: string): void {
    const disk = new MemoryDisk(loader.fat, state.copy());
    for (let count = 1; count <= BOOTS; count++)
      assertComplete(
        boot(loader, disk),
        (slot) => disk.state.roots[slot],
        `${at}, boot ${count}`,
        this.#bytes,
      );
  }

  /** All that must hold of a state; gives the number of states that cuts of the repair were found to leave. */
  async recovers(loader: LoaderUnderTest, state: DiskState, at: string): Promise<number> {
    this.boots(loader, state, at);
    const first = new MemoryDisk(loader.fat, state.copy());
    const run = boot(loader, first);
    const disk = new MemoryDisk(loader.fat, first.state);
    const machine = this.machine(loader, disk);
    machine.running = runningOf(run);
    await machine.backend.repair();
    let states = 0;
    for (const again of crashStates(disk, this.#random)) {
      states++;
      this.boots(loader, again.state, `${at}, then repair’s step ${again.at}`);
    }
    assert.deepEqual(await machine.backend.repair(), [], at);
    assertTidy(disk, at);
    const after = await machine.backend.state();
    assert.deepEqual(
      after.problems.filter((one) => !/cannot be used/.test(one)),
      [],
      at,
    );
    assert.equal(after.next, loader.run(disk).started?.slot, `${at}: the state says what the loader does`);
    await machine.backend.confirm(machine.running.slot, machine.running.deployId);
    const target = machine.running.slot === 'a' ? 'b' : 'a';
    await install(machine, target, 'v9', 99);
    const end = boot(loader, disk);
    assertComplete(end, (slot) => disk.state.roots[slot], `${at}, after the next upgrade`, this.#bytes);
    assert.equal(end.started?.slot, target, at);
    return states;
  }
}

/** The loader's run on a disk: its writes are steps of the disk's. */
function boot(loader: LoaderUnderTest, disk: MemoryDisk): LoaderRun {
  const run = loader.run(disk);
  for (const write of run.writes)
    if (write.kind === 'overwrite') disk.overwrite(write.path, write.content);
    else {
      disk.rename(write.from, write.to);
      disk.syncFolder('loader/entries');
    }
  return run;
}
