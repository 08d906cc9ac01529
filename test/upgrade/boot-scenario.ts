/**
 * Two upgrades, rollbacks there and back, aborted ones, and a failed one, step by step, on any disk: what is run in memory to enumerate crashes, and on real
 * file systems to record their sectors. After each restart the loader's model decides what runs.
 */

import assert from 'node:assert/strict';
import type { Assets, BootBackend, SlotName } from '../../agent/upgrade/boot/backend.ts';
import type { RunningSlot } from '../../agent/upgrade/boot/running-slot.ts';
import { assetsOf, deploymentOf } from '../../agent/upgrade/boot/testing/small-images.ts';
import type { FileView, LoaderRun } from './boot-models.ts';

/** Bytes of a kernel in the model; an initrd has twice as many. */
const KERNEL_BYTES = 9_000;

/** Kernel and initrd of a version, from its root's content, which is named like it. */
export function versionAssets(version: string, bytes = KERNEL_BYTES): Assets {
  return assetsOf(version, bytes);
}

/** A machine that the scenario runs on. */
export interface ScenarioMachine {
  readonly backend: BootBackend;
  /** What runs; set by each restart. */
  running: RunningSlot;
  /** Writes a root and flushes it. */
  writeRoot(slot: SlotName, version: string): Promise<void> | void;
  /** The loader's run: its writes are done, and what it starts is given. */
  restart(): Promise<LoaderRun> | LoaderRun;
  /** Says in the log that a part begins. */
  mark?(name: string): void;
  readonly assetBytes?: number;
}

/** What a command line says of what runs. */
export function runningOf(run: LoaderRun): RunningSlot {
  assert.ok(run.started, 'something starts');
  const words = run.started.commandLine.split(' ');
  const deployId = words
    .findLast((word) => word.startsWith('nodectl.deploy='))
    ?.slice('nodectl.deploy='.length);
  assert.equal(
    words.findLast((word) => word.startsWith('nodectl.slot=')),
    `nodectl.slot=${run.started.slot}`,
  );
  return { slot: run.started.slot, ...(deployId ? { deployId } : {}) };
}

/** Puts a version into a slot and arms it. */
export async function install(
  machine: ScenarioMachine,
  slot: SlotName,
  version: string,
  serial: number,
): Promise<void> {
  const { backend } = machine;
  machine.mark?.(`invalidate ${slot}`);
  await backend.invalidate(slot);
  machine.mark?.(`write the root of ${slot}`);
  await machine.writeRoot(slot, version);
  machine.mark?.(`write the assets of ${slot}`);
  await backend.writeAssets(slot, versionAssets(version, machine.assetBytes));
  machine.mark?.(`arm ${slot}`);
  await backend.arm(slot, deploymentOf(version, serial), { tries: 3, commandLine: `quiet image=${version}` });
}

/** Restarts, and starts the agent. */
export async function restart(machine: ScenarioMachine): Promise<void> {
  machine.mark?.('the loader');
  machine.running = runningOf(await machine.restart());
  machine.mark?.('repair');
  await machine.backend.repair();
}

/** The whole of it, from a machine that runs v1 from a, confirmed, with nothing in b. */
export async function scenario(machine: ScenarioMachine): Promise<void> {
  const { backend } = machine;
  const confirm = async () => {
    machine.mark?.('confirm');
    await backend.confirm(machine.running.slot, machine.running.deployId);
  };
  await restart(machine);
  await confirm();
  await install(machine, 'b', 'v2', 11);
  await restart(machine);
  assert.equal(machine.running.slot, 'b');
  await confirm();
  await abortedRollbacks(machine);
  // Back to the slot that is still good, with other arguments, and forth again.
  machine.mark?.('arm a for a rollback');
  await backend.arm('a', deploymentOf('v1', 12), { tries: 3, commandLine: 'debug image=v1' });
  await restart(machine);
  assert.equal(machine.running.slot, 'a');
  await confirm();
  machine.mark?.('arm b for a rollback');
  await backend.arm('b', deploymentOf('v2', 13), { tries: 1, commandLine: 'quiet image=v2' });
  await restart(machine);
  assert.equal(machine.running.slot, 'b');
  await confirm();
  await install(machine, 'a', 'v3', 14);
  await restart(machine);
  assert.equal(machine.running.slot, 'a');
  machine.mark?.('mark a bad');
  await backend.markBad('a');
  await restart(machine);
  assert.equal(machine.running.slot, 'b');
  await confirm();
  // What was bad is tried once more, with other arguments.
  machine.mark?.('arm a again');
  await backend.arm('a', deploymentOf('v3', 15), { tries: 2, commandLine: 'debug image=v3' });
  for (const slot of ['a', 'a', 'b'] as const) {
    await restart(machine);
    assert.equal(machine.running.slot, slot, 'two tries, then it falls back');
  }
  await confirm();
  machine.mark?.('invalidate a');
  await backend.invalidate('a');
}

/** From a machine that runs b: a rollback to a is taken back before the restart, and another when a runs already. Ends where it began. */
async function abortedRollbacks(machine: ScenarioMachine): Promise<void> {
  const { backend } = machine;
  const before = deploymentOf('v1', 5);
  const [quiet, three] = ['quiet image=v1', { tries: 3, commandLine: 'quiet image=v1' }];
  const stands = async () => {
    const { next, slots } = await backend.state();
    assert.deepEqual([next, slots.a.health, slots.b.health], ['b', 'good', 'good']);
    assert.deepEqual(slots.a.deployment, before);
  };
  machine.mark?.('arm a for a rollback that is aborted');
  await backend.arm('a', deploymentOf('v1', 12), three);
  machine.mark?.('disarm a');
  await backend.disarm('a', before, quiet);
  await stands();
  await restart(machine);
  assert.equal(machine.running.slot, 'b');
  machine.mark?.('arm a for a rollback that is aborted later');
  await backend.arm('a', deploymentOf('v1', 12), three);
  await restart(machine);
  assert.equal(machine.running.slot, 'a');
  machine.mark?.('leave a');
  await backend.markBad('a');
  await restart(machine);
  assert.equal(machine.running.slot, 'b');
  machine.mark?.('confirm');
  await backend.confirm('b', machine.running.deployId);
  machine.mark?.('disarm a, which was left');
  await backend.disarm('a', before, quiet);
  await stands();
}

/**
 * Asserts that what a loader starts is a slot that is complete: kernel and initrd of one version, whole, over the root of the same
 * version, whole. @param rootOf the version that a slot's root holds; anything else where it is none
 * @param at for the message
 */
export function assertComplete(
  run: LoaderRun,
  rootOf: (slot: SlotName) => string,
  at: string,
  bytes?: number,
): void {
  const { started } = run;
  assert.ok(started, `${at}: nothing starts`);
  const version = rootOf(started.slot);
  assert.match(version, /^v\d+$/, `${at}: slot ${started.slot} starts with ${version}`);
  const { kernel, initrd } = whole(version, bytes);
  assert.ok(
    started.kernel.equals(kernel),
    `${at}: slot ${started.slot} starts a kernel that is not the one of ${version}`,
  );
  assert.ok(
    started.initrd?.equals(initrd),
    `${at}: slot ${started.slot} starts an initrd that is not the one of ${version}`,
  );
  const named = /image=(\S+)/.exec(started.commandLine)?.[1] ?? 'v1';
  assert.equal(named, version, `${at}: slot ${started.slot} starts with the arguments of ${named}`);
  runningOf(run);
}

const kept = new Map<string, { kernel: Buffer; initrd: Buffer }>();
function whole(version: string, bytes = KERNEL_BYTES): { kernel: Buffer; initrd: Buffer } {
  const key = `${version} ${bytes}`;
  let found = kept.get(key);
  if (!found) {
    const { kernel, initrd } = versionAssets(version, bytes);
    const read = (asset: typeof initrd) => (asset?.open().read() as Buffer | null) ?? Buffer.alloc(0);
    found = { kernel: read(kernel), initrd: read(initrd) };
    kept.set(key, found);
  }
  return found;
}

/** Nothing that is on its way is left, and what the loader reads is one state. */
export function assertTidy(view: FileView, at: string): void {
  const names = [
    ...view.list('loader/entries'),
    ...['nodectl', 'nodectl/a', 'nodectl/b'].flatMap((path) => view.list(path)),
  ];
  assert.deepEqual(
    names.filter((name) => name.endsWith('.new')),
    [],
    at,
  );
  assert.deepEqual(
    view.read('nodectl/grubenv'),
    view.read('nodectl/grubenv2'),
    `${at}: the copies are alike`,
  );
  for (const slot of ['a', 'b'] as const) {
    const entries = view.list('loader/entries').filter((name) => name.startsWith(`nodectl-${slot}`));
    assert.ok(entries.length < 2, `${at}: ${entries.join(' ')}`);
  }
}
