/** systemd-boot's backend on plain folders: transitions, repairs, names, and the entries as its own tool lists them. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { formatEntry, formatEntryName, parseEntry, parseEntryName } from './boot-entry.ts';
import { ENTRIES } from './systemd-boot.ts';
import { INSTALLED_ENTRY, systemdBootMachine } from './testing/boot-machine.ts';
import { assetsOf, deploymentOf } from './testing/small-images.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-sdboot-'));
after(() => rmSync(top, { recursive: true }));
const two = { tries: 2, commandLine: 'quiet' };
const refused = (reason: string) => ({ reason });

async function upgraded() {
  const machine = systemdBootMachine(top);
  await machine.backend.invalidate('b');
  await machine.backend.writeAssets('b', assetsOf('2'));
  await machine.backend.arm('b', deploymentOf('2', 7), two);
  return { ...machine, entries: () => machine.disk.list(ENTRIES) };
}

test('names are what systemd-boot makes of them', () => {
  for (const [name, parsed] of Object.entries({
    'nodectl-a.conf': { slot: 'a', done: 0 },
    'nodectl-b+3.conf': { slot: 'b', left: 3, done: 0 },
    'nodectl-b+2-1.conf': { slot: 'b', left: 2, done: 1 },
    'nodectl-b+0-3.conf': { slot: 'b', left: 0, done: 3 },
  } as const)) {
    assert.deepEqual(parseEntryName(name), parsed);
    assert.equal(formatEntryName(parsed), name);
  }
  assert.equal(parseEntryName('nodectl-b+03-01.conf')?.left, 3);
  for (const name of [
    'nodectl-c.conf',
    'nodectl-b+.conf',
    'nodectl-b+3-.conf',
    'nodectl-b+3',
    '.nodectl-b.conf',
  ])
    assert.equal(parseEntryName(name), undefined, name);
  for (const name of [
    'nodectl-b+70000.conf',
    'nodectl-b+3+2.conf',
    'nodectl-b+3.conf.new',
    'nodectl-b+-1.conf',
  ])
    assert.equal(parseEntryName(name), undefined, name);
});

test('an entry is read as it was written, and no part of it is', () => {
  const entry = parseEntry(Buffer.from(INSTALLED_ENTRY));
  assert.deepEqual([entry?.slot, entry?.serial, entry?.deployId, entry?.initrd], ['a', 0, '', true]);
  const content = formatEntry({ ...(entry ?? assert.fail()), serial: 42 });
  assert.equal(parseEntry(content)?.serial, 42);
  for (let length = 0; length < content.length; length++)
    assert.equal(parseEntry(content.subarray(0, length)), undefined);
  assert.equal(
    parseEntry(Buffer.from(INSTALLED_ENTRY.replace('nodectl.slot=a', 'nodectl.slot=b'))),
    undefined,
  );
  assert.equal(
    parseEntry(Buffer.from(INSTALLED_ENTRY.replace('/nodectl/a/initrd', '/nodectl/b/initrd'))),
    undefined,
  );
});

test('an upgrade is armed, counted, confirmed, and then the other way round', async () => {
  const { backend, running, disk, entries } = await upgraded();
  assert.deepEqual(entries(), ['nodectl-a.conf', 'nodectl-b+2.conf']);
  assert.match(
    disk.read(`${ENTRIES}/nodectl-b+2.conf`)?.toString() ?? '',
    /^title nodectl B 2\nsort-key nodectl\nversion 0000000007\nlinux \/nodectl\/b\/vmlinuz\ninitrd \/nodectl\/b\/initrd\.img\noptions quiet root=PARTUUID=bb ro panic=10 nodectl\.slot=b nodectl\.deploy=d-7\n$/,
  );
  const armed = await backend.state();
  assert.deepEqual([armed.next, armed.slots.b.health, armed.slots.b.triesLeft], ['b', 'armed', 2]);
  assert.deepEqual(armed.slots.b.deployment, deploymentOf('2', 7));
  disk.rename(`${ENTRIES}/nodectl-b+2.conf`, `${ENTRIES}/nodectl-b+1-1.conf`);
  running.now = { slot: 'b', deployId: 'd-7' };
  await assert.rejects(backend.invalidate('a'), refused('UPGRADE_NO_FALLBACK'));
  await backend.confirm('b', 'd-7');
  await backend.confirm('b', 'd-7');
  assert.deepEqual(entries(), ['nodectl-a.conf', 'nodectl-b.conf']);
  assert.equal((await backend.state()).slots.b.health, 'good');
  await assert.rejects(
    backend.arm('a', deploymentOf('1', 7), two),
    refused('UPGRADE_DEPLOYMENT'),
    'it would sort behind',
  );
  await backend.invalidate('a');
  assert.deepEqual(entries(), ['nodectl-b.conf']);
  assert.equal((await backend.state()).slots.a.health, 'invalid');
});

test('a trial falls back when its tries are used up or it is marked so; a good slot is armed again', async () => {
  const { backend, running, disk, entries } = await upgraded();
  await assert.rejects(backend.writeAssets('b', assetsOf('3')), refused('UPGRADE_SLOT_VALID'));
  disk.rename(`${ENTRIES}/nodectl-b+2.conf`, `${ENTRIES}/nodectl-b+0-2.conf`);
  assert.deepEqual([(await backend.state()).next, (await backend.state()).slots.b.health], ['a', 'bad']);
  disk.rename(`${ENTRIES}/nodectl-b+0-2.conf`, `${ENTRIES}/nodectl-b+1-1.conf`);
  running.now = { slot: 'b', deployId: 'd-7' };
  await backend.markBad('b');
  assert.deepEqual(entries(), ['nodectl-a.conf', 'nodectl-b+0-1.conf']);
  assert.equal((await backend.state()).next, 'a');
  running.now = { slot: 'a' };
  await backend.arm('b', deploymentOf('2', 8), two);
  assert.deepEqual(entries(), ['nodectl-a.conf', 'nodectl-b+2.conf']);
  assert.equal((await backend.state()).slots.b.deployment?.serial, 8);
  await backend.invalidate('b');
  await assert.rejects(backend.markBad('a'), refused('UPGRADE_NO_FALLBACK'));
});

test('what is disarmed is good again and sorts behind what runs, whatever its serial was; else nothing is changed', async () => {
  const { backend, running, disk, entries } = await upgraded();
  const before = deploymentOf('1', 12);
  await assert.rejects(backend.disarm('a', before, ''), refused('UPGRADE_SLOT_RUNNING'));
  await assert.rejects(
    backend.disarm('b', before, ''),
    refused('UPGRADE_DEPLOYMENT'),
    'nothing sorts behind 0',
  );
  assert.deepEqual(entries(), ['nodectl-a.conf', 'nodectl-b+2.conf']);
  running.now = { slot: 'b', deployId: 'd-7' };
  await assert.rejects(backend.disarm('a', before, ''), refused('UPGRADE_NO_FALLBACK'), 'b is on trial');
  await backend.confirm('b', 'd-7');
  await backend.arm('a', deploymentOf('1', 13), two);
  await assert.rejects(backend.disarm('a', before, 'root=x'), refused('UPGRADE_COMMAND_LINE'));
  assert.deepEqual(entries(), ['nodectl-a+2.conf', 'nodectl-b.conf']);
  for (let times = 0; times < 2; times++) {
    await backend.disarm('a', before, 'quiet');
    assert.deepEqual(entries(), ['nodectl-a.conf', 'nodectl-b.conf']);
    const { next, slots } = await backend.state();
    assert.deepEqual(
      [next, slots.a.health, slots.a.deployment],
      ['b', 'good', { ...deploymentOf('1', 12), serial: 6 }],
    );
  }
  await backend.arm('a', deploymentOf('1', 14), two);
  disk.unlink('nodectl/a/vmlinuz');
  await assert.rejects(backend.disarm('a', before, ''), refused('UPGRADE_SLOT_INCOMPLETE'));
  assert.deepEqual(entries(), ['nodectl-a+2.conf', 'nodectl-b.conf']);
});

test('repair leaves one whole entry a slot, and one for the slot that runs in any case', async () => {
  const { backend, running, disk, entries, put, folder } = await upgraded();
  put(`${ENTRIES}/.nodectl-b.new`, 'half');
  put(`${ENTRIES}/nodectl-b.conf`, '');
  put(`${ENTRIES}/nodectl-b+.conf`, 'title x\n');
  put('nodectl/b/initrd.img.new', 'half');
  assert.equal((await backend.repair()).length, 4);
  assert.deepEqual(entries(), ['nodectl-a.conf', 'nodectl-b+2.conf']);
  assert.deepEqual(await backend.repair(), []);
  const content = disk.read(`${ENTRIES}/nodectl-b+2.conf`) ?? assert.fail();
  put(`${ENTRIES}/nodectl-b+1-1.conf`, content);
  await backend.repair();
  assert.deepEqual(entries(), ['nodectl-a.conf', 'nodectl-b+1-1.conf'], 'the loader had begun to count');
  put(`${ENTRIES}/nodectl-b+0-1.conf`, content);
  put(`${ENTRIES}/nodectl-b.conf`, content);
  await backend.repair();
  assert.deepEqual(entries(), ['nodectl-a.conf', 'nodectl-b+0-1.conf'], 'it was decided that it is bad');
  rmSync(join(folder, 'nodectl/b/vmlinuz'));
  assert.match((await backend.repair()).join(), /slot b has no kernel any more/);
  assert.deepEqual(entries(), ['nodectl-a.conf']);
  put(`${ENTRIES}/nodectl-a.conf`, 'title');
  put('host/proc/cmdline', 'initrd=\\x quiet root=PARTUUID=aa ro panic=10 nodectl.slot=a\n');
  assert.match((await backend.repair()).join(), /^wrote loader\/entries\/nodectl-a\+1\.conf again/);
  assert.equal(
    parseEntry(disk.read(`${ENTRIES}/nodectl-a+1.conf`) ?? assert.fail())?.options,
    'quiet root=PARTUUID=aa ro panic=10 nodectl.slot=a',
  );
  running.now = { slot: 'a' };
  await backend.confirm('a', undefined);
  assert.deepEqual(entries(), ['nodectl-a.conf']);
});

test('what would choose instead of the order is told', async () => {
  const { backend, put } = await upgraded();
  assert.deepEqual(
    (await backend.state()).problems.filter((one) => !one.startsWith('slot ')),
    [],
  );
  const name = 'host/sys/firmware/efi/efivars/LoaderEntryDefault-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';
  put(name, Buffer.concat([Buffer.from([7, 0, 0, 0]), Buffer.from('nodectl-a.conf\0', 'utf16le')]));
  put('loader/loader.conf', 'timeout 3\ndefault nodectl-a*\n');
  put(`${ENTRIES}/debian.conf`, 'title Debian\nsort-key debian\nlinux /vmlinuz\n');
  put(`${ENTRIES}/rescue.conf`, 'title Rescue\nsort-key zzz\nlinux /vmlinuz\n');
  put('EFI/Linux/other.efi', 'x');
  const told = (await backend.repair()).join('\n');
  assert.match(
    told,
    /LoaderEntryDefault is set to nodectl-a\.conf,.*\n.*loader\.conf has default.*\n.*debian\.conf.*\n.*other\.efi/,
  );
  assert.doesNotMatch(told, /rescue/);
});
