/**
 * Crashes at every step, enumerated: what a crash leaves is what is on disk at that moment, so the node's folder is copied at each
 * step, and each copy goes on as after a kill of the agent, and as after a power cut. Whatever it was doing, it ends with the new
 * image whole and confirmed, or at the old one with a reason, and the running slot was never touched.
 */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { UpgradeEngine } from './engine.ts';
import type { Upgrade } from './state.ts';
import { messages, operations, sha256, type TestImage, testImage, testKeys } from './testing/test-image.ts';
import {
  AUTHOR,
  bootFile,
  bootState,
  copyNode,
  makeNode,
  nodeEngine,
  rebootWanted,
  restart,
  slotBytes,
  type TestNode,
  untilEngine,
  WANTED,
} from './testing/test-node.ts';

const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-crash-'));
after(() => rmSync(top, { recursive: true }));
let folders = 0;
const newFolder = () => join(top, String(folders++));
const keys = testKeys();
const [first, second] = [1, 2].map((version) => testImage(version, keys.privateKey, { blocks: 64 })) as [
  TestImage,
  TestImage,
];
const SPARE = 128 << 10;
const { signal } = new AbortController();
const offer = { manifest: second.bytes, signatures: second.signatures };
const oldRoot = sha256(Buffer.concat([first.parts.root], first.parts.root.length + SPARE));

/** A clock by which every message is flushed. */
function quickClock(): () => number {
  let now = Date.UTC(2026, 10, 20);
  return () => {
    now += 1_500;
    return now;
  };
}

interface Run {
  readonly node?: Partial<TestNode>;
  readonly panics?: boolean;
  /** Whether blocks are compared in place of differences being sent. */
  readonly compare?: boolean;
  readonly rollback?: boolean;
}

/** Goes on with a node from whatever it is at until its upgrade has ended, over as many restarts as it takes. */
async function finish(folder: string, run: Run, step?: (name: string) => void): Promise<Upgrade | undefined> {
  for (let boots = 0; boots < 8; boots++) {
    const engine = nodeEngine(folder, {
      ...{ keyring: keys.keyring, now: quickClock(), ...run.node },
      ...(step ? { step } : {}),
    });
    try {
      await engine.open();
      if (!engine.find('')) await begin(engine, run);
      await carryOver(engine, run);
      await settled(folder, engine);
      const found = engine.find('');
      if (!found || found.endedMs > 0) return found;
    } finally {
      await engine.close();
    }
    const slot = await restart(folder, (one) => run.panics === true && one === 'b');
    step?.(`booted ${slot}`);
  }
  throw new Error('the upgrade never ended');
}

async function begin(engine: UpgradeEngine, { rollback }: Run): Promise<void> {
  if (rollback) await engine.rollback(undefined, WANTED, AUTHOR);
  else await engine.start(offer, WANTED, AUTHOR, signal);
}

async function carryOver(engine: UpgradeEngine, { compare }: Run): Promise<void> {
  const upgrade = engine.find('');
  if (upgrade?.state !== 'planned' && upgrade?.state !== 'transferring') return;
  const transfer = await engine.transfer(upgrade.id, () => undefined);
  const from = transfer.position;
  let ops = operations(second, { from, active: first.parts.root });
  if (compare) {
    const needed = transfer.indexKept ? await transfer.compareKept() : await transfer.index(second.index);
    ops = operations(second, { from, needed: needed ?? Buffer.alloc(0) });
  }
  for (const message of messages(ops, 8)) await transfer.take(message);
  await engine.received(transfer);
}

/** Waits until the node does nothing by itself. */
async function settled(folder: string, engine: UpgradeEngine): Promise<void> {
  const done = () => {
    const { current, waiting } = engine.site;
    if (!current) return true;
    const down = current.state === 'rebooting' || (current.state === 'testing' && current.reason !== '');
    return (down && rebootWanted(folder)) || /^(waits to be|cannot)/.test(waiting.text);
  };
  for (let turns = 0; !done(); turns++) {
    if (turns > 5_000) throw new Error(`stuck: ${engine.site.current?.state} ${engine.site.waiting.text}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function check(folder: string, ended: Upgrade | undefined, run: Run, at: string): Promise<void> {
  const { root, kernel, initrd } = second.parts;
  const state = await bootState(folder);
  if (!run.rollback)
    assert.equal(sha256(slotBytes(folder, 'a')), oldRoot, `${at}: the running slot was touched`);
  assert.ok(!existsSync(join(folder, 'state/upgrade.json')), at);
  assert.ok(!existsSync(join(folder, 'state/upgrade')), at);
  // What is left of a guard would restart a node that is well, for ever.
  assert.ok(!existsSync(join(folder, 'state/deadline')), `${at}: the guard is still armed`);
  if (run.panics) {
    assert.equal(ended?.state, 'fell-back', at);
    assert.equal(ended?.reason, 'UPGRADE_BOOT_FAILED', at);
    assert.deepEqual([state.booted, state.next, state.slots.a.health], ['a', 'a', 'good'], at);
    return;
  }
  const target = run.rollback ? 'a' : 'b';
  assert.equal(ended?.state, 'confirmed', `${at}: ${ended?.reason} ${ended?.why}`);
  assert.deepEqual([state.booted, state.next, state.slots[target].health], [target, target, 'good'], at);
  assert.equal(sha256(slotBytes(folder, 'b').subarray(0, root.length)), sha256(root), at);
  assert.deepEqual(bootFile(folder, 'b', 'vmlinuz'), Buffer.from(kernel ?? ''), at);
  assert.deepEqual(bootFile(folder, 'b', 'initrd.img'), Buffer.from(initrd ?? ''), at);
}

/** Runs an upgrade with a copy at each step, and goes on with each copy in both ways. */
async function everyCrash(
  prepare: (folder: string) => Promise<void>,
  run: Run,
  twiceEvery: number,
): Promise<number> {
  const folder = newFolder();
  await prepare(folder);
  const copies: { at: string; copy: string }[] = [];
  const record = (from: string, into: typeof copies) => (at: string) => {
    const copy = newFolder();
    copyNode(from, copy);
    into.push({ at, copy });
  };
  await check(folder, await finish(folder, run, record(folder, copies)), run, 'uninterrupted');
  let count = 0;
  const goOn = async (copy: string, at: string, cut: boolean, second?: typeof copies) => {
    if (cut) await restart(copy, (slot) => run.panics === true && slot === 'b');
    const ended = await finish(copy, run, second && record(copy, second));
    await check(copy, ended, run, `${at}${cut ? ', power cut' : ''}`);
    rmSync(copy, { recursive: true });
    count++;
  };
  for (const [index, { at, copy }] of copies.entries()) {
    const other = newFolder();
    copyNode(copy, other);
    const again: typeof copies = [];
    await goOn(other, at, true, index % twiceEvery === 0 ? again : undefined);
    await goOn(copy, at, false);
    for (const [which, next] of again.entries())
      await goOn(next.copy, `${at}, then ${next.at}`, which % 2 === 0);
  }
  return count;
}

const make = (folder: string) => makeNode(folder, first, SPARE);

test('an upgrade by differences', async (t) => {
  const count = await everyCrash(make, {}, 40);
  t.diagnostic(`${count} crashes`);
  assert.ok(count > 200, `${count} crashes`);
});

test('an upgrade by comparing blocks', async (t) => {
  const count = await everyCrash(make, { compare: true }, 60);
  t.diagnostic(`${count} crashes`);
  assert.ok(count > 80, `${count} crashes`);
});

test('an upgrade to an image that panics', async (t) => {
  const count = await everyCrash(make, { panics: true }, 60);
  t.diagnostic(`${count} crashes`);
  assert.ok(count > 200, `${count} crashes`);
});

test('a rollback to the slot before', async (t) => {
  const upgraded = async (folder: string) => {
    await make(folder);
    assert.equal((await finish(folder, {}))?.state, 'confirmed');
    rmSync(join(folder, 'state/history.jsonl'));
  };
  const count = await everyCrash(upgraded, { rollback: true }, 1);
  t.diagnostic(`${count} crashes`);
  assert.ok(count > 60, `${count} crashes`);
});

test('an abort of an armed upgrade: a crash in it loses neither the abort nor why', async () => {
  const folder = newFolder();
  await make(folder);
  const copies: { at: string; copy: string }[] = [];
  let recording = false;
  const engine = nodeEngine(folder, {
    ...{ keyring: keys.keyring, now: quickClock() },
    step: (at) => {
      if (!recording) return;
      const copy = newFolder();
      copyNode(folder, copy);
      copies.push({ at, copy });
    },
  });
  await engine.open();
  await engine.start(offer, { ...WANTED, noReboot: true }, AUTHOR, signal);
  await carryOver(engine, {});
  await untilEngine(engine, () => engine.site.waiting.text !== '');
  recording = true;
  await engine.abort('', AUTHOR, 'not today');
  await engine.close();
  assert.ok(copies.length >= 5, `${copies.length} crashes`);
  /** Gives what became of it with nobody asking for anything again. */
  const goOn = async (copy: string) => {
    const next = nodeEngine(copy, { keyring: keys.keyring, now: quickClock() });
    await next.open();
    const wantsDown = () => next.site.current?.reason !== undefined && rebootWanted(copy);
    await untilEngine(next, () => next.site.current === undefined || wantsDown());
    const found = next.find('');
    await next.close();
    return found;
  };
  for (const { at, copy } of copies) {
    const cut = newFolder();
    copyNode(copy, cut);
    const found = await goOn(copy);
    assert.deepEqual([found?.state, found?.reason], ['aborted', 'UPGRADE_ABORTED'], at);
    assert.match(found?.why ?? '', /not today/, at);
    // A power cut before the loader was told boots the new slot once, which gives it up at once.
    if ((await restart(cut)) === 'b') {
      assert.equal((await goOn(cut))?.state, 'testing', at);
      assert.equal(await restart(cut), 'a', at);
      assert.equal((await goOn(cut))?.state, 'fell-back', at);
    } else assert.equal((await goOn(cut))?.state, 'aborted', at);
    for (const end of [copy, cut]) {
      const state = await bootState(end);
      assert.deepEqual([state.next, state.slots.b.health === 'armed'], ['a', false], at);
      assert.ok(!existsSync(join(end, 'state/deadline')), `${at}: the guard is still armed`);
    }
  }
});
