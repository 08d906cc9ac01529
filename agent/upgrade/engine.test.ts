/** Upgrades over files: they are confirmed, fall back, are refused, resumed and ended, and the running slot is never touched. */

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import type { UpgradeEngine } from './engine.ts';
import type { GateOrder } from './hooks.ts';
import { toMessage } from './service.ts';
import { offerAndSend, offerOf } from './testing/offer-and-send.ts';
import { messages, operations, sha256, type TestImage, testImage, testKeys } from './testing/test-image.ts';
import {
  AUTHOR,
  bootFile,
  bootState,
  newNode,
  nodeEngine,
  openEngine,
  rebootWanted,
  restart,
  slotBytes,
  type TestNode,
  untilEngine,
  WANTED,
} from './testing/test-node.ts';
import { viewOf } from './watch.ts';

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

const fresh = () => newNode(top, first);

const open = (folder: string, changes: Partial<TestNode> = {}): Promise<UpgradeEngine> =>
  openEngine(folder, { ...node, ...changes });

const isIn = (engine: UpgradeEngine, state: string) =>
  untilEngine(engine, () => engine.find('')?.state === state);

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
  const id = await offerAndSend(engine, second, { active: first.parts.root });
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
  await offerAndSend(engine, third, { active: second.parts.root });
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
  const id = await offerAndSend(engine, second);
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
  await offerAndSend(engine, third);
  await isIn(engine, 'rebooting');
  await engine.close();
  assert.equal(await restart(folder), 'b');
  engine = await open(folder);
  await isIn(engine, 'confirmed');
  await engine.close();
});

test('where a slot has no room behind the root, kernel and initrd are kept in files until they are installed', async () => {
  const folder = await newNode(top, first, 0);
  let engine = await open(folder);
  await offerAndSend(engine, second);
  await isIn(engine, 'rebooting');
  await engine.close();
  await restart(folder);
  engine = await open(folder);
  await isIn(engine, 'confirmed');
  holds(folder, 'b', second);
  assert.ok(!existsSync(join(folder, 'state/upgrade')), 'what was kept is gone');
  await engine.close();
});

test('a node that is not as well as before goes back by itself and keeps what did not hold', async () => {
  const folder = await fresh();
  let engine = await open(folder);
  const id = await offerAndSend(engine, second);
  await isIn(engine, 'rebooting');
  await engine.close();
  await restart(folder);
  const failed = ['unit/app.service: failed; it was active'];
  const waits: string[] = [];
  const gate = ({ tell }: GateOrder) => {
    for (const now of [failed, [], [...failed, 'another', 'a third']]) {
      tell?.(now);
      waits.push(engine.site.waiting.text);
    }
    return { healthy: false, failed };
  };
  engine = nodeEngine(folder, { ...node, gate });
  await engine.open();
  await untilEngine(engine, () => rebootWanted(folder));
  assert.deepEqual(waits, [
    `waits for the node to be as well as it was before; ${failed[0]}`,
    'waits for the node to stay as well as it is',
    `waits for the node to be as well as it was before; ${failed[0]}; and 2 more`,
  ]);
  await engine.close();
  assert.equal(await restart(folder), 'a');
  engine = await open(folder);
  await isIn(engine, 'fell-back');
  const { reason, failedChecks, why } = engine.find(id);
  assert.deepEqual([reason, failedChecks], ['UPGRADE_UNHEALTHY', failed]);
  assert.match(why, /did not hold; unit\/app\.service: failed; it was active$/);
  await engine.close();
});

test('an upgrade that waits for a confirmation is confirmed by its name, or aborted, which goes back', async () => {
  for (const confirmed of [true, false]) {
    const folder = await fresh();
    let engine = await open(folder, { policy: { confirm: 'manual' } });
    const id = await offerAndSend(engine, second);
    await assert.rejects(engine.confirm(id), { reason: 'UPGRADE_WRONG_STATE' });
    await isIn(engine, 'rebooting');
    await engine.close();
    await restart(folder);
    engine = await open(folder);
    await untilEngine(engine, () => engine.site.waiting.text.includes('confirm'));
    await assert.rejects(engine.confirm('another'), { reason: 'UPGRADE_UNKNOWN' });
    if (confirmed) assert.equal((await engine.confirm(id)).state, 'confirmed');
    else {
      await engine.abort(id, AUTHOR, 'it is slow');
      await engine.close();
      assert.equal(await restart(folder), 'a');
      engine = await open(folder);
      assert.deepEqual([engine.find(id).state, engine.find(id).reason], ['fell-back', 'UPGRADE_ABORTED']);
      assert.match(engine.find(id).why, /it is slow/);
    }
    await engine.close();
  }
});

test('what is armed is aborted: the next restart takes the old slot', async () => {
  const folder = await fresh();
  let engine = await open(folder);
  await offerAndSend(engine, second, { wanted: { noReboot: true } });
  await untilEngine(engine, () => engine.site.waiting.text.includes('restart'));
  assert.equal((await bootState(folder)).next, 'b');
  assert.equal((await engine.abort('', AUTHOR, '')).state, 'aborted');
  assert.equal((await bootState(folder)).next, 'a');
  await assert.rejects(engine.rollback('b', WANTED, AUTHOR), { reason: 'UPGRADE_SLOT_INCOMPLETE' });
  await engine.close();
  assert.equal(await restart(folder), 'a');
  engine = await open(folder);
  assert.deepEqual(engine.warnings, []);
  await engine.close();
});

test('a rollback that fails before anything was armed leaves the slot as it was, to be gone back to later', async () => {
  const folder = await fresh();
  let engine = await open(folder);
  await offerAndSend(engine, second);
  await isIn(engine, 'rebooting');
  await engine.close();
  await restart(folder);
  let isGuarded = false;
  engine = await open(folder, {
    change: (parts) => ({
      ...parts,
      deadline: {
        arm: async (...args) => {
          if (!isGuarded) throw new Failure('UPGRADE_NOT_GUARDED', 'there is no room for the guard');
          await parts.deadline.arm(...args);
        },
        expired: (id) => parts.deadline.expired(id),
        disarm: () => parts.deadline.disarm(),
      },
    }),
  });
  await isIn(engine, 'confirmed');
  await engine.rollback('a', WANTED, AUTHOR);
  await isIn(engine, 'failed');
  assert.equal(engine.find('')?.reason, 'UPGRADE_NOT_GUARDED');
  const { next, slots } = await bootState(folder);
  assert.deepEqual([next, slots.a.health], ['b', 'good']);
  isGuarded = true;
  await engine.rollback('a', WANTED, AUTHOR);
  await isIn(engine, 'rebooting');
  await assert.rejects(engine.rollback('a', WANTED, AUTHOR), {
    ...{ message: /^the rollback .*, begun by .*, is rebooting on this node$/, hint: /upgrade status/ },
  });
  await engine.close();
  assert.equal(await restart(folder), 'a');
});

test('a restart that does not come about is a person’s to mend, and is asked for again by a word', async () => {
  const folder = await fresh();
  let broken = true;
  const engine = await open(folder, {
    change: (parts) => ({
      ...parts,
      boot: {
        ...parts.boot,
        reboot: async () => {
          if (broken) throw new Error('systemctl: no such bus');
          await parts.boot.reboot();
        },
      },
    }),
  });
  const id = await offerAndSend(engine, second);
  await untilEngine(engine, () => engine.site.waiting.stuck === true);
  assert.match(engine.site.waiting.text, /could not be restarted: systemctl: no such bus/);
  assert.equal(toMessage(viewOf(engine, engine.site.running())).needsOperator, true);
  broken = false;
  const again = toMessage(viewOf(engine, await engine.reboot(id)));
  assert.deepEqual([again.needsOperator, again.waitingFor], [false, '']);
  await untilEngine(engine, () => rebootWanted(folder));
  await engine.close();
});

test('a restart by kexec is not confirmed: the node restarts once more, through its boot loader', async () => {
  const folder = await fresh();
  let engine = await open(folder);
  await offerAndSend(engine, second);
  await isIn(engine, 'rebooting');
  await engine.close();
  await restart(folder);
  // As kexec leaves it: the new slot runs, and the loader has counted nothing.
  const path = join(folder, 'boot/nodectl/loader.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"left": 2', '"left": 3'));
  engine = await open(folder);
  await untilEngine(engine, () => rebootWanted(folder));
  assert.equal(engine.find('')?.state, 'rebooting');
  await engine.close();
  assert.equal(await restart(folder), 'b');
  engine = await open(folder);
  await isIn(engine, 'confirmed');
  await engine.close();
});

test('a journal that a disk damaged: what runs is what the boot loader says', async () => {
  const folder = await fresh();
  let engine = await open(folder);
  await offerAndSend(engine, second);
  await isIn(engine, 'rebooting');
  await engine.close();
  await restart(folder);
  writeFileSync(join(folder, 'state/upgrade.json'), 'not what was written');
  engine = await open(folder);
  await isIn(engine, 'confirmed');
  assert.match(engine.warnings.join(), /journal of an upgrade was damaged/);
  assert.deepEqual([engine.find('')?.image.version, engine.find('')?.target], ['1.0.2', 'b']);
  await engine.close();
});

test('a second stream takes the place of the first, and goes on where that was', async () => {
  const folder = await fresh();
  const engine = await open(folder);
  const { upgrade } = await engine.start(offerOf(second), WANTED, AUTHOR, signal);
  const old = await engine.transfer(upgrade?.id ?? '', () => undefined);
  const [one = Buffer.alloc(0), two = Buffer.alloc(0)] = messages(operations(second));
  await old.take(one);
  const next = await engine.transfer(upgrade?.id ?? '', () => undefined);
  assert.ok(next.position.offset > 0);
  await assert.rejects(old.take(two), { reason: 'UPGRADE_TAKEN_OVER' });
  await assert.rejects(engine.received(old), { reason: 'UPGRADE_TAKEN_OVER' });
  for (const message of messages(operations(second, { from: next.position }))) await next.take(message);
  await engine.received(next);
  await isIn(engine, 'rebooting');
  holds(folder, 'b', second);
  await engine.close();
});
