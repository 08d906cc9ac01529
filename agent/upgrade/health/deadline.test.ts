/** The deadline's file: what the units read of it, and whom it is about. */

import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, test } from 'node:test';
import { MemoryMachine } from '../../sim/memory-machine.ts';
import { UpgradeDeadline } from './deadline.ts';
import { waitForVerdict } from './wait.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function node(deployId = '42-ab') {
  const state = mkdtempSync(join(tmpdir(), 'nodectl-deadline-'));
  folders.push(state);
  const asked: string[] = [];
  const machine = new MemoryMachine({
    files: new Map([
      ['proc/cmdline', `ro nodectl.slot=b nodectl.deploy=${deployId} quiet\n`],
      ['run/systemd/system/x', ''],
    ]),
  });
  machine.run = async (program, args) => {
    asked.push([program, ...args].join(' '));
    return { code: 0, stdout: '', stderr: '' };
  };
  const warnings: string[] = [];
  const deadline = new UpgradeDeadline(join(state, 'upgrade'), machine, (one) => warnings.push(one));
  return { state, machine, deadline, asked, warnings, file: join(state, 'upgrade', 'deadline') };
}

test('a deadline is a file that systemd reads as an environment, and holds for its deployment alone', async () => {
  const { deadline, file, state } = node();
  assert.equal(deadline.holds(), false);
  await deadline.arm('42-ab', 600);
  assert.equal(readFileSync(file, 'utf8'), 'NODECTL_SECONDS=615\nNODECTL_DEPLOY=nodectl.deploy=42-ab\n');
  assert.deepEqual(deadline.read(), { deployId: '42-ab', seconds: 615 });
  assert.equal(deadline.holds(), true);
  // To the slot before, and to a deployment whose id begins alike, it means nothing.
  for (const other of ['41', '42-abc', '42']) {
    const { machine } = node(other);
    assert.equal(new UpgradeDeadline(join(state, 'upgrade'), machine, assert.fail).holds(), false);
  }
});

test('what ends it removes the file before it stops the unit', async () => {
  const { deadline, asked, file } = node();
  await deadline.arm('42-ab', 600);
  await deadline.arm('42-ab', 30);
  assert.match(readFileSync(file, 'utf8'), /=45\n/);
  // As the unit that reboots leaves it.
  copyFileSync(file, join(dirname(file), 'expired'));
  assert.deepEqual([deadline.expired('42-ab'), deadline.expired('42')], [true, false]);
  await deadline.disarm();
  assert.deepEqual([deadline.read(), deadline.holds()], [undefined, false]);
  assert.equal(deadline.expired('42-ab'), false);
  assert.deepEqual(asked, [
    'systemctl --no-ask-password stop --no-block -- nodectl-upgrade-deadline.service',
  ]);
  await deadline.disarm();
});

test('a damaged file holds for whatever deployment runs, as for the units', async () => {
  const { deadline, file, state } = node();
  await deadline.arm('x', 1);
  for (const text of [
    '',
    'NODECTL_SECONDS=\n',
    '\0\0',
    'NODECTL_SECONDS=10\nNODECTL_DEPLOY=nodectl.deploy=a b\n',
  ]) {
    writeFileSync(file, text);
    assert.deepEqual(deadline.read(), { deployId: undefined, seconds: 900 });
    assert.equal(deadline.holds(), true);
  }
  // A machine that no deployment was booted on has nothing on trial.
  const plain = new MemoryMachine({ files: new Map([['proc/cmdline', 'ro quiet\n']]) });
  assert.equal(new UpgradeDeadline(join(state, 'upgrade'), plain, assert.fail).holds(), false);
});

test('what would not be understood is not written', async () => {
  const { deadline, file } = node();
  for (const [id, seconds] of [
    ['a b', 10],
    ['a\nNODECTL_SECONDS=9', 10],
    ['', 10],
    ['a', 0],
    ['a', 1.5],
    ['a', 86_401],
  ] as const)
    await assert.rejects(deadline.arm(id, seconds), { reason: 'UPGRADE_NOT_GUARDED' });
  assert.throws(() => readFileSync(file));
});

test('a folder that cannot be written to is no guard; a file that cannot be removed is told', async () => {
  const { machine, state, asked } = node();
  writeFileSync(join(state, 'upgrade'), 'in the way');
  const warnings: string[] = [];
  const of = (run: string) =>
    new UpgradeDeadline(join(state, 'upgrade'), machine, (one) => warnings.push(one), run);
  await assert.rejects(of(state).arm('a', 10), { reason: 'UPGRADE_NOT_GUARDED' });
  await of(state).disarm();
  assert.match(warnings[0] ?? '', /cannot be removed/);
  // What the units look at in its place; stopping what waits would reboot the node.
  assert.equal(existsSync(join(state, 'nodectl-upgrade-over')), true);
  assert.deepEqual(asked, []);
  await of(join(state, 'none')).disarm();
  assert.match(warnings[2] ?? '', /the node will reboot/);
});

test('health --gate waits for the file to go, and not where nothing is on trial', async () => {
  const { state, machine, deadline } = node();
  const { signal } = new AbortController();
  assert.equal(await waitForVerdict(state, machine, signal), 'no image is on trial');
  await deadline.arm('41', 600);
  assert.equal(await waitForVerdict(state, machine, signal), 'no image is on trial');
  await deadline.arm('42-ab', 600);
  await assert.rejects(waitForVerdict(state, machine, AbortSignal.timeout(20)), {
    reason: 'UPGRADE_NOT_CONFIRMED',
  });
  const waiting = waitForVerdict(state, machine, signal);
  await deadline.disarm();
  assert.equal(await waiting, 'the image is not on trial any more');
});
