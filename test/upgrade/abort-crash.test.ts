/**
 * An armed rollback that is aborted, with a crash at every step: at each one of the engine's and at each write to the boot loader's folder,
 * with each loader. What is on disk at that moment goes on as after a kill of the agent, and as after a power cut, which may boot what
 * the abort did not reach yet; and so does each step of that boot in turn. Whatever would boot is a complete slot at any of them, and
 * in the end both slots are what they were before the rollback.
 */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { otherSlot, type SlotName } from '../../agent/upgrade/boot/backend.ts';
import { type TestImage, testImage, testKeys } from '../../agent/upgrade/testing/test-image.ts';
import {
  AUTHOR,
  copyNode,
  rebootWanted,
  slotBytes,
  untilEngine,
  WANTED,
} from '../../agent/upgrade/testing/test-node.ts';
import { Failure } from '../../proto/failure.ts';
import { LOADERS } from '../kills/loaders.ts';
import { LoaderNodes } from './loader-nodes.ts';

const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-abort-crash-'));
after(() => rmSync(top, { recursive: true }));
let folders = 0;
const newFolder = () => join(top, String(folders++));
const keys = testKeys();
const make = (version: number) => testImage(version, keys.privateKey, { blocks: 16 });
const [first, second, third] = [make(1), make(2), make(3)] as [TestImage, TestImage, TestImage];
/** A step, and the node as a crash there leaves it. */
interface Crash {
  readonly at: string;
  readonly folder: string;
}

/** Keeps a copy of a node at each step. */
function recorder(folder: string, into: Crash[]): (at: string) => void {
  return (at) => {
    const copy = newFolder();
    copyNode(folder, copy);
    into.push({ at, folder: copy });
  };
}

/** Aborts an armed rollback with a crash at each step. Gives the number of crashes. */
async function everyCrash(nodes: LoaderNodes, folder: string, isNested: boolean): Promise<number> {
  const before = await nodes.known(folder);
  const target = otherSlot(before.booted);
  const roots = { a: slotBytes(folder, 'a'), b: slotBytes(folder, 'b') };
  const crashes: Crash[] = [];
  const record = recorder(folder, crashes);
  let recording = false;
  const engine = await nodes.open(folder, (at) => recording && record(at));
  await engine.rollback(undefined, { ...WANTED, noReboot: true, tries: 2 }, AUTHOR);
  await untilEngine(engine, () => engine.site.waiting.text !== '');
  assert.equal((await nodes.known(folder)).next, target);
  recording = true;
  const { state, why } = await engine.abort('', AUTHOR, 'not today');
  assert.deepEqual([state, /not today; slot [ab] is kept$/.test(why)], ['aborted', true], why);
  await engine.close();
  assert.deepEqual(await nodes.known(folder), before);

  let count = 0;
  const check = async ({ at, folder: crashed }: Crash, cut: boolean, nested?: Crash[]) => {
    count++;
    nodes.boots(crashed, at);
    const isBooted = cut && nodes.restart(crashed) === target;
    const step = nested && isBooted ? recorder(crashed, nested) : undefined;
    const { state, reason, why } = await nodes.finish(crashed, step);
    assert.equal(reason, 'UPGRADE_ABORTED', `${at}: ${why}`);
    // Of one that has booted the agent only learns at the next boot that it was left.
    assert.ok(state === 'aborted' || state === 'fell-back', `${at}: ${state}`);
    assert.match(why, /not today; slot [ab] is kept$/, at);
    assert.deepEqual(await nodes.known(crashed), before, at);
    for (const slot of ['a', 'b'] as const) assert.ok(slotBytes(crashed, slot).equals(roots[slot]), at);
    for (const left of ['upgrade.json', 'upgrade', 'deadline'])
      assert.ok(!existsSync(join(crashed, 'state', left)), `${at}: ${left} is left`);
    nodes.boots(crashed, `${at}, in the end`);
    return isBooted;
  };
  for (const [which, crash] of crashes.entries()) {
    const cut = { at: `${crash.at}, power cut`, folder: newFolder() };
    copyNode(crash.folder, cut.folder);
    const nested: Crash[] = [];
    await check(crash, false);
    await check(cut, true, isNested && which % 2 === 0 ? nested : undefined);
    for (const [index, { at, folder }] of nested.entries())
      await check({ at: `${cut.at}, then ${at}`, folder }, index % 2 === 0);
    // What was kept is gone back to as ever.
    await rollsBack(nodes, cut.folder, target);
    for (const one of [crash, cut, ...nested]) rmSync(one.folder, { recursive: true });
  }
  return count;
}

async function rollsBack(nodes: LoaderNodes, folder: string, target: SlotName): Promise<void> {
  const engine = await nodes.open(folder);
  await engine.rollback(undefined, WANTED, AUTHOR);
  await untilEngine(engine, () => rebootWanted(folder));
  await engine.close();
  assert.equal(nodes.restart(folder), target);
  assert.equal((await nodes.finish(folder)).state, 'confirmed');
}

/**
 * Aborts an armed rollback on a boot partition that fails from one of the writes on, and once more when it works again. Gives whether
 * there were so many writes.
 */
async function failsAt(nodes: LoaderNodes, from: string, write: number): Promise<boolean> {
  const folder = newFolder();
  copyNode(from, folder);
  const before = await nodes.known(folder);
  let left = Number.POSITIVE_INFINITY;
  const engine = await nodes.open(folder, (at) => {
    if (at.startsWith('before ') && left-- <= 0) throw new Failure('UPGRADE_BOOT_WRITE_FAILED', `${at}: EIO`);
  });
  await engine.rollback(undefined, { ...WANTED, noReboot: true }, AUTHOR);
  await untilEngine(engine, () => engine.site.waiting.text !== '');
  left = write;
  const failed = await engine.abort('', AUTHOR, '').catch(({ reason }: Failure) => reason);
  const failedAt = left;
  left = Number.POSITIVE_INFINITY;
  if (engine.site.current) {
    assert.equal(failed, 'UPGRADE_BOOT_WRITE_FAILED');
    await engine.abort('', AUTHOR, '');
  }
  await engine.close();
  const { state, why } = engine.find('') ?? assert.fail('it is known');
  const at = `failed at write ${write}: ${why}`;
  assert.equal(state, 'aborted', at);
  nodes.boots(folder, at);
  const after = await nodes.known(folder);
  if (/is kept$/.test(why)) assert.deepEqual(after, before, at);
  else assert.deepEqual([after.next, after[otherSlot(before.booted)].health], [before.booted, 'invalid'], at);
  assert.equal(nodes.restart(folder), before.booted, at);
  rmSync(folder, { recursive: true });
  return failedAt < 0;
}

for (const loader of LOADERS)
  test(`${loader}: an armed rollback that is aborted leaves both slots as they were, with a crash anywhere`, async (t) => {
    const nodes = new LoaderNodes(loader, keys.keyring, first);
    const folder = newFolder();
    await nodes.make(folder);
    await nodes.upgrade(folder, second);
    const madeWith = newFolder();
    copyNode(folder, madeWith);
    let count = await everyCrash(nodes, madeWith, false);
    await nodes.upgrade(folder, third);
    count += await everyCrash(nodes, folder, true);
    t.diagnostic(`${count} crashes`);
    assert.ok(count > 60, `${count} crashes`);
    let writes = 0;
    while (await failsAt(nodes, folder, writes)) writes++;
    t.diagnostic(`${writes} writes that fail`);
    assert.ok(writes > 1, `${writes} writes`);
  });
