/** The loader of the lab: upgrades, falls back and refuses as the real ones do. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LiveMachine } from '../../host/live-machine.ts';
import { DiskBootFolder } from './boot-folder.ts';
import { FILES_LOADER, FilesBackend, installFilesLoader, nextBoot } from './files.ts';
import { SlotRecords } from './slot-records.ts';
import { SlotDevices } from './slot-store.ts';
import { asset, assetsOf, deploymentOf } from './testing/small-images.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-files-'));
after(() => rmSync(top, { recursive: true }));

async function machine() {
  const folder = mkdtempSync(join(top, 'm-'));
  const live = new LiveMachine();
  const names = { a: join(folder, 'a.img'), b: join(folder, 'b.img') };
  for (const path of [names.a, names.b]) writeFileSync(path, Buffer.alloc(8192));
  const disk = new DiskBootFolder(folder, live);
  await installFilesLoader(disk);
  const backend = new FilesBackend(
    disk,
    new SlotRecords(join(folder, 'slots')),
    new SlotDevices(names, live),
  );
  return { folder, disk, backend };
}

const two = { tries: 2, commandLine: 'quiet init=/usr/lib/systemd/systemd' };
const refused = (reason: string) => ({ reason });

test('a new machine runs from slot a and has nothing in b', async () => {
  const { backend } = await machine();
  const state = await backend.state();
  assert.equal(state.booted, 'a');
  assert.equal(state.next, 'a');
  assert.deepEqual([state.slots.a.health, state.slots.b.health], ['good', 'empty']);
  assert.equal(state.slots.b.bytes, 8192);
  assert.deepEqual(state.problems, []);
});

test('an upgrade that is confirmed stays', async () => {
  const { disk, backend } = await machine();
  await backend.invalidate('b');
  assert.equal((await backend.state()).slots.b.health, 'invalid');
  await backend.writeAssets('b', assetsOf('2'));
  const deployment = deploymentOf('2', 7);
  await backend.arm('b', deployment, two);
  const armed = await backend.state();
  assert.deepEqual([armed.next, armed.slots.b.health, armed.slots.b.triesLeft], ['b', 'armed', 2]);
  assert.deepEqual(armed.slots.b.deployment, deployment);
  const booted = await nextBoot(disk);
  assert.equal(booted.slot, 'b');
  assert.match(
    booted.commandLine,
    /^quiet init=\S+ root=\S+b\.img ro panic=10 nodectl\.slot=b nodectl\.deploy=d-7$/,
  );
  await assert.rejects(backend.confirm('b', 'd-6'), refused('UPGRADE_DEPLOYMENT'));
  await assert.rejects(backend.confirm('a', 'd-7'), refused('UPGRADE_SLOT_NOT_RUNNING'));
  await assert.rejects(backend.invalidate('a'), refused('UPGRADE_NO_FALLBACK'));
  await backend.confirm('b', 'd-7');
  for (let boots = 0; boots < 5; boots++) assert.equal((await nextBoot(disk)).slot, 'b');
  await backend.invalidate('a');
  assert.equal((await backend.state()).next, 'b');
});

test('a slot that is not confirmed is given up when its tries are used', async () => {
  const { disk, backend } = await machine();
  await backend.invalidate('b');
  await backend.writeAssets('b', assetsOf('2'));
  await backend.arm('b', deploymentOf('2', 7), two);
  assert.deepEqual(
    [await nextBoot(disk), await nextBoot(disk), await nextBoot(disk)].map(({ slot }) => slot),
    ['b', 'b', 'a'],
  );
  const { slots, next } = await backend.state();
  assert.deepEqual([next, slots.b.health, slots.b.triesLeft], ['a', 'bad', 0]);
});

test('a trial that is marked bad falls back at once; a good slot is armed again for a rollback', async () => {
  const { disk, backend } = await machine();
  await assert.rejects(backend.markBad('a'), refused('UPGRADE_NO_FALLBACK'));
  await backend.invalidate('b');
  await backend.writeAssets('b', assetsOf('2'));
  await backend.arm('b', deploymentOf('2', 7), two);
  await nextBoot(disk);
  await backend.markBad('b');
  assert.equal((await nextBoot(disk)).slot, 'a');
  await backend.arm('b', deploymentOf('2', 8), two);
  assert.equal((await nextBoot(disk)).deployId, 'd-8');
});

test('what is disarmed is good again, and comes behind what runs', async () => {
  const { disk, backend } = await machine();
  await backend.invalidate('b');
  await assert.rejects(backend.disarm('b', deploymentOf('2', 5), ''), refused('UPGRADE_SLOT_INCOMPLETE'));
  await backend.writeAssets('b', assetsOf('2'));
  await backend.arm('b', deploymentOf('2', 7), two);
  await assert.rejects(backend.disarm('a', deploymentOf('1', 5), ''), refused('UPGRADE_SLOT_RUNNING'));
  await backend.disarm('b', deploymentOf('2', 5), 'quiet');
  const { slots } = await backend.state();
  assert.deepEqual([slots.b.health, slots.b.triesLeft], ['good', undefined]);
  assert.deepEqual(slots.b.deployment, deploymentOf('2', 5));
  assert.equal((await nextBoot(disk)).slot, 'a');
});

test('what is not to be done is refused, and nothing is changed', async () => {
  const { disk, backend } = await machine();
  const before = disk.read(FILES_LOADER);
  const deployment = deploymentOf('2', 7);
  await assert.rejects(backend.invalidate('a'), refused('UPGRADE_SLOT_RUNNING'));
  await assert.rejects(backend.writeAssets('a', assetsOf('2')), refused('UPGRADE_SLOT_RUNNING'));
  await assert.rejects(backend.arm('a', deployment, two), refused('UPGRADE_SLOT_RUNNING'));
  await assert.rejects(backend.arm('b', deployment, two), refused('UPGRADE_SLOT_INCOMPLETE'));
  for (const commandLine of [
    'root=/dev/sda',
    'a -- b',
    'x="y z"',
    'a$b',
    'nodectl.slot=a',
    'a\nb',
    'é',
    'x'.repeat(1_501),
  ])
    await assert.rejects(
      backend.arm('b', deployment, { tries: 3, commandLine }),
      refused('UPGRADE_COMMAND_LINE'),
    );
  for (const tries of [0, 4, 1.5])
    await assert.rejects(backend.arm('b', deployment, { tries, commandLine: '' }), refused('BAD_ARGUMENT'));
  for (const bad of [{ deployId: 'a b' }, { deployId: '' }, { serial: 0 }, { serial: 2 ** 32 }])
    await assert.rejects(backend.arm('b', { ...deployment, ...bad }, two), refused('UPGRADE_DEPLOYMENT'));
  const huge = { ...asset('x'), bytes: 2 ** 60 };
  await assert.rejects(backend.writeAssets('b', { kernel: huge }), refused('UPGRADE_BOOT_FULL'));
  assert.deepEqual(disk.read(FILES_LOADER), before);
});

test('assets that read otherwise than their manifest says do not get their names', async () => {
  const { disk, backend } = await machine();
  await backend.invalidate('b');
  const wrong = { ...asset('kernel'), sha256: asset('other').sha256 };
  await assert.rejects(backend.writeAssets('b', { kernel: wrong }), refused('UPGRADE_ASSET_DIGEST'));
  await assert.rejects(backend.arm('b', deploymentOf('2', 7), two), refused('UPGRADE_SLOT_INCOMPLETE'));
  assert.deepEqual(disk.list('nodectl/b'), ['vmlinuz.new']);
  assert.deepEqual(await backend.repair(), ['removed nodectl/b/vmlinuz.new, which a killed writer left']);
  assert.deepEqual(disk.list('nodectl/b'), []);
  await backend.writeAssets('b', { kernel: asset('kernel') });
  assert.deepEqual(disk.list('nodectl/b'), ['vmlinuz']);
});

test('a loader’s file that is damaged is told, and changed by nothing', async () => {
  const { folder, backend } = await machine();
  writeFileSync(join(folder, FILES_LOADER), '{"v":1');
  await assert.rejects(backend.state(), refused('UPGRADE_BOOT_UNREADABLE'));
  await assert.rejects(backend.repair(), refused('UPGRADE_BOOT_UNREADABLE'));
});
