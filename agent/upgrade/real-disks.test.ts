/**
 * Disks and file systems as the kernel gives them: a slot whose disk loses what is written, a boot partition and a /var that are full.
 * Each ends with a reason of its own, the running slot is not touched, and the next upgrade works.
 */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Failure } from '../../proto/failure.ts';
import { LiveMachine } from '../host/live-machine.ts';
import type { UpgradeEngine } from './engine.ts';
import { offerAndSend, untilSettled } from './testing/offer-and-send.ts';
import { sha256, type TestImage, testImage, testKeys } from './testing/test-image.ts';
import {
  bootState,
  newNode,
  openEngine,
  slotBytes,
  type TestNode,
  untilEngine,
} from './testing/test-node.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-disks-'));
const keys = testKeys();
const [first, second, third] = [1, 2, 3].map((version) =>
  testImage(version, keys.privateKey, { blocks: 512 }),
) as [TestImage, TestImage, TestImage];
const undo: (() => void)[] = [];
after(() => {
  for (const step of undo.reverse()) step();
  rmSync(top, { recursive: true });
});

function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** A file system, of which the kernel is told how to make it. */
function mounted(point: string, ...how: string[]): string {
  run('mount', ...how, point);
  undo.push(() => run('umount', point));
  return point;
}

/** One in memory of so many KiB. */
function memory(kib: number, point = mkdtempSync(join(top, 'm-'))): string {
  return mounted(point, '-t', 'tmpfs', '-o', `size=${kib}k`, 'nodectl-test');
}

function loop(file: string): string {
  const device = run('losetup', '--find', '--show', file);
  undo.push(() => run('losetup', '--detach', device));
  return device;
}

/** Why there are none here. */
function missing(): string | false {
  try {
    const file = join(memory(64), 'probe');
    writeFileSync(file, Buffer.alloc(4_096));
    loop(file);
    return false;
  } catch (error) {
    return `no file systems and loop devices can be made here: ${(error as Error).message.split('\n', 1)[0]}`;
  }
}
const skip = missing();

/** Loop devices of this kernel need not have partitions. */
class Partitioned extends LiveMachine {
  override text(path: string): string | undefined {
    const text = super.text(path);
    return /block\/7:\d+\/uevent$/.test(path) ? `${text}PARTUUID=aaaa-02\n` : text;
  }
}

const fresh = () => newNode(top, first);

const open = (folder: string, node: Partial<TestNode> = {}) =>
  openEngine(folder, { keyring: keys.keyring, ...node });

/** @param before called before each message */
async function send(engine: UpgradeEngine, image: TestImage, before = (_sent: number) => {}): Promise<void> {
  const message = (bytes: Buffer, at: number) => {
    before(at);
    return bytes;
  };
  await offerAndSend(engine, image, { wanted: { noReboot: true }, each: 8, message });
  await untilSettled(engine);
}

/** The running slot is as it was; and an image is installed in the other one. */
async function unharmed(folder: string, engine: UpgradeEngine, running: string, image: TestImage) {
  assert.equal(sha256(slotBytes(folder, 'a')), running);
  const { booted, next, slots } = await bootState(folder);
  assert.deepEqual([booted, next, slots.a.health], ['a', 'a', 'good']);
  await send(engine, image);
  assert.equal(engine.find('')?.state, 'armed', engine.find('')?.why ?? '');
  await engine.close();
}

test('a slot whose disk loses what is written, and one that has no name', { skip }, async () => {
  const folder = await fresh();
  const running = sha256(slotBytes(folder, 'a'));
  // The disk of 3 MiB has room for one: what is written behind that is lost, and the flush says so.
  const disk = memory(1_024);
  const backing = join(disk, 'b');
  writeFileSync(backing, '');
  truncateSync(backing, slotBytes(folder, 'a').length);
  const device = loop(backing);
  rmSync(join(folder, 'b.img'));
  symlinkSync(device, join(folder, 'b.img'));
  let engine = await open(folder);
  await assert.rejects(send(engine, second), {
    reason: 'UPGRADE_TARGET_MISSING',
    message: /has no partition UUID/,
  });
  assert.equal(engine.find(''), undefined, 'nothing was begun');
  await engine.close();
  engine = await open(folder, { machine: new Partitioned() });
  await send(engine, second).catch((error: Failure) => assert.equal(error.reason, 'UPGRADE_DEVICE_ERROR'));
  await untilEngine(engine, () => !engine.site.current);
  const ended = engine.find('');
  assert.deepEqual([ended?.state, ended?.reason], ['failed', 'UPGRADE_DEVICE_ERROR'], ended?.why ?? '');
  assert.match(ended?.why ?? '', /loop\d+ could not be \w+/);
  run('mount', '-o', 'remount,size=65536k', disk);
  // The kernel tells the next who flushes it of what was lost when the last one closed it.
  spawnSync('sync', [device]);
  await unharmed(folder, engine, running, third);
});

test('a boot partition that is full: refused before anything is written', { skip }, async () => {
  const folder = await fresh();
  const running = sha256(slotBytes(folder, 'a'));
  const file = join(folder, 'boot.img');
  writeFileSync(file, '');
  truncateSync(file, 8 << 20);
  run('mkfs.ext4', '-q', '-O', '^has_journal', file);
  const device = loop(file);
  const boot = join(folder, 'boot');
  run('cp', '-r', `${boot}/nodectl`, join(folder, 'kept'));
  mounted(boot, device);
  run('cp', '-r', join(folder, 'kept'), join(boot, 'nodectl'));
  const rest = join(boot, 'FSCK0000.REC');
  const fill = () => spawnSync('dd', ['if=/dev/zero', `of=${rest}`, 'bs=64k']);
  // What a repair of a file system may leave.
  fill();
  const other = sha256(slotBytes(folder, 'b'));
  const engine = await open(folder);
  await assert.rejects(send(engine, second), { reason: 'UPGRADE_BOOT_FULL' });
  assert.deepEqual([engine.find(''), sha256(slotBytes(folder, 'b'))], [undefined, other]);
  rmSync(rest);
  // It fills up behind the plan's back, while the image is on its way.
  await send(engine, second, (sent) => {
    if (sent === 1) fill();
  });
  const ended = engine.find('');
  assert.deepEqual([ended?.state, ended?.reason], ['failed', 'UPGRADE_BOOT_FULL'], ended?.why ?? '');
  rmSync(rest);
  await unharmed(folder, engine, running, third);
});

test('a /var that becomes full in the middle: told, and gone on with when there is room', {
  skip,
}, async () => {
  const folder = await fresh();
  const running = sha256(slotBytes(folder, 'a'));
  const state = join(folder, 'state');
  run('cp', '-r', state, join(folder, 'kept'));
  memory(512, state);
  run('cp', '-r', `${folder}/kept/.`, state);
  const full = join(state, 'full');
  const engine = await open(folder);
  const fills = (sent: number) => {
    if (sent !== 2) return;
    const { status } = spawnSync('dd', ['if=/dev/zero', `of=${full}`, 'bs=4k']);
    assert.equal(status, 1, 'it is full');
  };
  await assert.rejects(send(engine, second, fills), {
    reason: 'UPGRADE_STATE_UNWRITABLE',
    message: /ENOSPC/,
  });
  const begun = engine.find('');
  assert.equal(begun?.state, 'transferring');
  rmSync(full);
  await unharmed(folder, engine, running, second);
  assert.equal(engine.find('')?.id, begun?.id);
});
