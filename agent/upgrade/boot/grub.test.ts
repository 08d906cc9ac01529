/** GRUB's backend on plain folders: transitions, repairs, and the block as GRUB's own tool reads it. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { GRUB_COPIES, installedEnvironment } from './grub.ts';
import { DamagedEnvironment, decodeEnvironment, encodeEnvironment } from './grub-environment.ts';
import { grubMachine } from './testing/boot-machine.ts';
import { assetsOf, deploymentOf } from './testing/small-images.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-grub-'));
after(() => rmSync(top, { recursive: true }));
const two = { tries: 2, commandLine: 'quiet' };
const refused = (reason: string) => ({ reason });
const [first, second] = GRUB_COPIES;

async function upgraded() {
  const machine = grubMachine(top);
  await machine.backend.invalidate('b');
  await machine.backend.writeAssets('b', assetsOf('2'));
  await machine.backend.arm('b', deploymentOf('2', 7), two);
  return machine;
}

test('a block is a sector that says it, and nothing else is taken for one', () => {
  const environment = installedEnvironment();
  const block = encodeEnvironment(environment);
  assert.deepEqual(decodeEnvironment(block), environment);
  assert.equal(block.length, 1024);
  assert.ok(
    block.subarray(512).every((byte) => byte === 0x23),
    'the second sector is filling',
  );
  const longest = '0123456789-0123456789-0123456789-012';
  const slot = { ok: false, tried: 3, health: 'invalid', deployId: longest, serial: 0xffff_ffff } as const;
  const full = { sequence: 0xffff_ffff, first: 'b', slots: { a: slot, b: slot } } as const;
  assert.deepEqual(decodeEnvironment(encodeEnvironment(full)), full);
  const wrong = (change: (text: string) => string) =>
    assert.throws(
      () => decodeEnvironment(Buffer.from(change(block.toString('latin1')), 'latin1')),
      DamagedEnvironment,
    );
  wrong(() => '');
  wrong((text) => text.slice(0, 512));
  wrong((text) => `${text}#`);
  wrong((text) => text.replace('ORDER=A B', 'ORDER=B A'));
  wrong((text) => text.replace('B_OK=0', 'B_OK=1'));
  wrong((text) => text.replace('A_TRY=0', 'A_TRY=4'));
  wrong((text) => text.replace('A_TRY=0\n', '########'));
  wrong((text) => `${text.slice(0, 700)}X${text.slice(701)}`);
  wrong((text) => text.replace('########', 'MORE=12\n'));
  wrong((text) => text.replace('########', 'A_TRY=0\n'));
  assert.equal(
    decodeEnvironment(Buffer.from(block.toString('latin1').replace('A_TRY=0', 'A_TRY=2'))).slots.a.tried,
    2,
  );
});

const editor = !existsSync('/usr/bin/grub-editenv') && 'grub-editenv is not installed (grub-common)';
test('GRUB’s own tool reads the block', { skip: editor }, async () => {
  const { folder } = await upgraded();
  const text = execFileSync('grub-editenv', [join(folder, first), 'list'], { encoding: 'utf8' });
  const values = new Map(
    text
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  );
  assert.equal(values.get('ORDER'), 'B A');
  assert.deepEqual([values.get('B_OK'), values.get('B_TRY'), values.get('B_DEPLOY')], ['1', '1', 'd-7']);
  assert.equal(values.size, 13);
});

test('an upgrade is armed, confirmed, and then the other way round', async () => {
  const { backend, running, disk } = await upgraded();
  assert.equal(disk.read('nodectl/b/slot.cfg')?.toString(), "set args='quiet'\n");
  const armed = await backend.state();
  assert.deepEqual([armed.next, armed.slots.b.health, armed.slots.b.triesLeft], ['b', 'armed', 2]);
  assert.deepEqual(armed.slots.b.deployment, deploymentOf('2', 7));
  running.now = { slot: 'b', deployId: 'd-7' };
  await assert.rejects(backend.invalidate('a'), refused('UPGRADE_NO_FALLBACK'));
  await assert.rejects(backend.confirm('b', 'd-8'), refused('UPGRADE_DEPLOYMENT'));
  await backend.confirm('b', 'd-7');
  const confirmed = await backend.state();
  assert.deepEqual([confirmed.next, confirmed.slots.b.health, confirmed.slots.b.triesLeft], ['b', 'good', 3]);
  await backend.invalidate('a');
  const { slots } = await backend.state();
  assert.equal(slots.a.health, 'invalid');
  assert.deepEqual(disk.list('nodectl/a'), []);
  await assert.rejects(backend.arm('a', deploymentOf('3', 8), two), refused('UPGRADE_SLOT_INCOMPLETE'));
  await assert.rejects(backend.markBad('b'), refused('UPGRADE_NO_FALLBACK'));
});

test('a slot that can be booted is not written to; a trial falls back; a good slot is armed again', async () => {
  const { backend, running } = await upgraded();
  await assert.rejects(backend.writeAssets('b', assetsOf('3')), refused('UPGRADE_SLOT_VALID'));
  running.now = { slot: 'b', deployId: 'd-7' };
  await backend.markBad('b');
  assert.deepEqual([(await backend.state()).next, (await backend.state()).slots.b.health], ['a', 'bad']);
  running.now = { slot: 'a' };
  await backend.arm('b', deploymentOf('2', 8), { tries: 3, commandLine: 'debug' });
  const { next, slots } = await backend.state();
  assert.deepEqual([next, slots.b.triesLeft, slots.b.deployment?.serial], ['b', 3, 8]);
});

test('what is disarmed is good again, and comes behind what runs', async () => {
  const { backend, running, disk } = await upgraded();
  const before = deploymentOf('2', 5);
  await assert.rejects(backend.disarm('a', before, ''), refused('UPGRADE_SLOT_RUNNING'));
  running.now = { slot: 'b', deployId: 'd-7' };
  await assert.rejects(backend.disarm('a', before, ''), refused('UPGRADE_NO_FALLBACK'), 'b is on trial');
  running.now = { slot: 'a' };
  await backend.disarm('b', before, 'debug');
  const { next, slots } = await backend.state();
  assert.deepEqual([next, slots.b.health, slots.b.triesLeft, slots.b.deployment], ['a', 'good', 3, before]);
  assert.equal(disk.read('nodectl/b/slot.cfg')?.toString(), "set args='debug'\n");
  disk.unlink('nodectl/b/vmlinuz');
  await assert.rejects(backend.disarm('b', before, ''), refused('UPGRADE_SLOT_INCOMPLETE'));
});

test('a copy that is damaged, cut off, missing, with holes or behind is written again', async () => {
  const { folder, backend, disk } = await upgraded();
  const good = readFileSync(join(folder, first));
  const old = encodeEnvironment(installedEnvironment());
  for (const copy of [first, second]) {
    const path = join(folder, copy);
    const damages: [RegExp, () => void][] = [
      [/has 0 bytes/, () => truncateSync(path, 0)],
      [/does not begin/, () => writeFileSync(path, Buffer.alloc(1024))],
      [/missing/, () => rmSync(path)],
      [
        /holes/,
        () => {
          rmSync(path);
          writeFileSync(path, '');
          truncateSync(path, 1024);
        },
      ],
    ];
    for (const [told, damage] of damages) {
      damage();
      assert.match((await backend.state()).problems.join(), told);
      assert.match((await backend.repair()).join(), told);
      assert.deepEqual([disk.read(first), disk.read(second)], [good, good]);
      assert.equal(disk.info(copy)?.sparse, false);
      assert.deepEqual(await backend.repair(), []);
    }
  }
  // A crash between the two copies: GRUB goes by the first.
  writeFileSync(join(folder, first), old);
  assert.deepEqual(await backend.repair(), ['nodectl/grubenv2 was another than nodectl/grubenv']);
  assert.deepEqual(disk.read(second), old);
});

test('with both copies lost what runs is what stays, and the other slot is given up', async () => {
  const { folder, backend, running } = await upgraded();
  running.now = { slot: 'b', deployId: 'd-7' };
  for (const copy of GRUB_COPIES) truncateSync(join(folder, copy), 0);
  assert.equal((await backend.repair()).length, 3);
  const { next, slots } = await backend.state();
  assert.deepEqual([next, slots.a.health, slots.b.health], ['b', 'invalid', 'good']);
  assert.deepEqual(slots.b.deployment, deploymentOf('2', 7));
});

test('what killed writers left goes, and so does a slot without its kernel', async () => {
  const { folder, backend, put } = await upgraded();
  put('nodectl/b/vmlinuz.new', 'half');
  assert.deepEqual(await backend.repair(), ['removed nodectl/b/vmlinuz.new, which a killed writer left']);
  rmSync(join(folder, 'nodectl/b/vmlinuz'));
  assert.match((await backend.repair()).join(), /^slot b has no kernel any more/);
  assert.deepEqual([(await backend.state()).next, (await backend.state()).slots.b.health], ['a', 'invalid']);
  rmSync(join(folder, 'nodectl/a/vmlinuz'));
  assert.match((await backend.repair()).join(), /^slot a, which runs, has no kernel/);
});
