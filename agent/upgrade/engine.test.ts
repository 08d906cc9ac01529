/** Upgrades over files: they are confirmed, fall back, are refused, resumed and ended, and the running slot is never touched. */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { UpgradeEngine } from './engine.ts';
import { messages, operations, sha256, type TestImage, testImage, testKeys } from './testing/test-image.ts';
import {
  AUTHOR,
  bootFile,
  bootState,
  makeNode,
  nodeEngine,
  restart,
  slotBytes,
  type TestNode,
  WANTED,
} from './testing/test-node.ts';

const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-upgrade-'));
after(() => rmSync(top, { recursive: true }));
const keys = testKeys();
const [first, second, third] = [1, 2, 3].map((version) => testImage(version, keys.privateKey)) as [
  TestImage,
  TestImage,
  TestImage,
];
const node: TestNode = { keyring: keys.keyring };
const { signal } = new AbortController();
const offer = ({ bytes, signatures }: TestImage) => ({ manifest: bytes, signatures });

async function fresh(): Promise<string> {
  const folder = mkdtempSync(join(top, 'n-'));
  await makeNode(folder, first);
  return folder;
}

async function open(folder: string, changes: Partial<TestNode> = {}): Promise<UpgradeEngine> {
  const engine = nodeEngine(folder, { ...node, ...changes });
  await engine.open();
  return engine;
}

/** Waits until the node does nothing more by itself. */
async function until(engine: UpgradeEngine, done: () => boolean): Promise<void> {
  while (!done())
    await new Promise<void>((resolve) => {
      const off = engine.site.onChange(() => {
        off();
        resolve();
      });
    });
}

const isIn = (engine: UpgradeEngine, state: string) => until(engine, () => engine.find('')?.state === state);

async function send(engine: UpgradeEngine, image: TestImage, active?: Buffer): Promise<string> {
  const { upgrade } = await engine.start(offer(image), WANTED, AUTHOR, signal);
  assert.ok(upgrade);
  const transfer = await engine.transfer(upgrade.id, () => undefined);
  for (const message of messages(
    operations(image, { from: transfer.position, ...(active ? { active } : {}) }),
  ))
    await transfer.take(message);
  await engine.received(transfer);
  return upgrade.id;
}

const holds = (folder: string, slot: 'a' | 'b', image: TestImage) => {
  const { root, kernel, initrd } = image.parts;
  assert.equal(sha256(slotBytes(folder, slot).subarray(0, root.length)), sha256(root));
  assert.deepEqual(bootFile(folder, slot, 'vmlinuz'), Buffer.from(kernel ?? ''));
  assert.deepEqual(bootFile(folder, slot, 'initrd.img'), Buffer.from(initrd ?? ''));
};

test('an upgrade by differences is confirmed, and the next one goes to the other slot', async () => {
  const folder = await fresh();
  const before = sha256(slotBytes(folder, 'a'));
  let engine = await open(folder);
  const id = await send(engine, second, first.parts.root);
  await isIn(engine, 'rebooting');
  await engine.close();
  holds(folder, 'b', second);
  assert.equal(sha256(slotBytes(folder, 'a')), before, 'the running slot is not touched');
  assert.equal(await restart(folder), 'b');
  engine = await open(folder);
  await isIn(engine, 'confirmed');
  const ended = engine.find(id);
  assert.deepEqual([ended.state, ended.reason, ended.target, ended.from.slot], ['confirmed', '', 'b', 'a']);
  assert.equal(engine.site.images.floor('debian-node').serial, 2);
  assert.equal((await bootState(folder)).slots.b.health, 'good');
  await send(engine, third, second.parts.root);
  await isIn(engine, 'rebooting');
  await engine.close();
  assert.equal(await restart(folder), 'a');
  engine = await open(folder);
  await isIn(engine, 'confirmed');
  holds(folder, 'a', third);
  await engine.close();
});

test('an image that panics is tried three times; the node falls back, says why, and can be upgraded again', async () => {
  const folder = await fresh();
  let engine = await open(folder);
  const id = await send(engine, second);
  await isIn(engine, 'rebooting');
  await engine.close();
  assert.equal(await restart(folder, (slot) => slot === 'b'), 'a');
  engine = await open(folder);
  await isIn(engine, 'fell-back');
  const ended = engine.find(id);
  assert.equal(ended.reason, 'UPGRADE_BOOT_FAILED');
  assert.match(ended.why, /slot b was tried 3 times and did not come up/);
  assert.match(ended.bootLog.join('\n'), /Kernel panic/);
  assert.equal(engine.site.images.floor('debian-node').serial, 0, 'nothing was confirmed');
  assert.equal((await bootState(folder)).slots.b.health, 'bad');
  await send(engine, third);
  await isIn(engine, 'rebooting');
  await engine.close();
  assert.equal(await restart(folder), 'b');
  engine = await open(folder);
  await isIn(engine, 'confirmed');
  await engine.close();
});
