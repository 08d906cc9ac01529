/** `nodectl upgrade --image` against nodes that are made up: what is refused before anything is sent, and what is told in the end. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Upgrade__Output as Upgrade } from '../../../proto/gen/types/nodectl/v1/Upgrade.ts';
import { buildSample, sampleKey, sampleParts } from '../../image/testing-images.ts';
import { FakeFleet } from '../../testing/fleet.ts';
import { runCli } from '../../testing/run.ts';
import { WatchedView } from '../../upgrade/left-behind.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-upgrade-'));
let image = '';
const plan = {
  ...{
    imageName: 'sample',
    imageVersion: '1.2',
    imageSerial: 2,
    signedBy: [],
    targetSlot: 'b',
    targetBytes: 2 ** 30,
  },
  ...{
    activeSlot: 'a',
    activeVersion: '1.2',
    activeSerial: 2,
    activeRootSha256: 'cd'.repeat(32),
    activeRootSize: 1,
  },
  ...{ bootBytesNeeded: 0, bootBytesFree: 0, refusals: [], warnings: [], alreadyRunning: true },
};
const slot = {
  ...{ name: 'a', device: '/dev/x', bytes: 2 ** 30, health: 'SLOT_HEALTH_GOOD', booted: true, next: true },
  ...{
    imageName: 'sample',
    imageVersion: '1.2',
    imageSerial: 2,
    rootSha256: 'cd'.repeat(32),
    writtenUsec: 1,
  },
};
const warned = {
  ...plan,
  alreadyRunning: false,
  warnings: [
    'what the running slot was made from is not known, so no delta to it can be sent and all has to be compared',
  ],
};
const fleet = new FakeFleet({
  'web-1': { answers: { PlanUpgrade: () => ({ plan }), ListSlots: () => ({ slots: [slot], problems: [] }) } },
  'web-2': { answers: { PlanUpgrade: () => ({ plan }) } },
  'web-3': { answers: { PlanUpgrade: () => ({ plan: warned }) } },
});
const cli = (argv: string, columns?: number) =>
  runCli(argv.split(' '), { env: fleet.env, open: fleet.connect, ...(columns ? { columns } : {}) });

before(async () => {
  image = (await buildSample(folder, 'image', sampleParts(1, 20), { key: sampleKey(), serial: 2 })).path;
});
after(() => {
  rmSync(folder, { recursive: true });
  fleet.remove();
});

test('a node that runs the image already is told with version, slot and digest of what it really runs', async () => {
  const { status, stdout, stderr } = await cli(`upgrade --image ${image} -n web-1 -y -o json`);
  assert.equal(status, 0, stderr);
  const { name, booted, imageVersion, imageSerial, imageName, rootSha256 } = slot;
  assert.ok(booted);
  assert.deepEqual(JSON.parse(stdout).items, [
    {
      ...{ node: 'web-1', state: 'runs-already' },
      runs: { slot: name, imageName, imageVersion, imageSerial, rootSha256 },
    },
  ]);
  const table = await cli(`upgrade --image ${image} -n web-1 -y -o table`);
  assert.match(table.stdout, /web-1 +runs it already +- +1\.2 \(serial 2\) +a/);
  assert.match(table.stderr, /web-1: runs sample 1\.2 \(serial 2\) from slot a, root sha256 cdcd/);
  assert.doesNotMatch(table.stderr, /never was/);
  // One that does not tell is not passed over in silence.
  const silent = await cli(`upgrade --image ${image} -n web-2 -y -o table`);
  assert.match(silent.stderr, /web-2: what it runs is not known/);
});

test('options that cannot be are refused before any node is asked', async () => {
  const calls = fleet.calls.length;
  for (const [option, said] of [
    ['--deadline 29s', /--deadline 29s is not from 30 seconds to 24 hours/],
    ['--deadline 25h', /24 hours/],
    [`--message ${'x'.repeat(513)}`, /513 characters/],
  ] as const) {
    const { status, stderr } = await cli(`upgrade --image ${image} -n web-1 -y ${option}`);
    assert.equal(status, 2, stderr);
    assert.match(stderr, said);
  }
  assert.equal(fleet.calls.length, calls);
});

test('on a pipe plans and results are lines of JSON, unless -o says otherwise', async () => {
  for (const command of [
    `upgrade --image ${image} -n web-1 --dry-run`,
    `upgrade --image ${image} -n web-1 -y`,
  ]) {
    const { stdout } = await cli(command);
    assert.deepEqual(
      stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).node])),
      ['web-1'],
    );
    assert.match((await cli(`${command} -o table`)).stdout, /runs it already/);
    assert.match((await cli(command, 80)).stdout, /runs it already/);
  }
});

test('a plan names a root whose file system makes much differ', async () => {
  const parts = sampleParts(1, 20);
  parts.root.write('hsqs', 0, 'latin1');
  const { path } = await buildSample(folder, 'squashfs', parts, { key: sampleKey(), serial: 2 });
  const { stdout } = await cli(`upgrade --image ${path} -n web-3 --dry-run -o table`);
  assert.match(stdout, /warning: the root image is squashfs, which packs files .* take ext4/);
  const [plan] = (await cli(`upgrade --image ${path} -n web-3 --dry-run`)).stdout.split('\n');
  assert.match(JSON.parse(plan ?? '').note, /^is squashfs/);
  // Nothing is sent to a node that runs it.
  assert.doesNotMatch((await cli(`upgrade --image ${path} -n web-1 --dry-run -o table`)).stdout, /squashfs/);
});

test('a plan is broken between words where a terminal is narrow', async () => {
  for (const columns of [40, 80]) {
    const shown = await cli(`upgrade --image ${image} -n web-3 --dry-run`, columns);
    const stdout = stripVTControlCharacters(shown.stdout);
    for (const line of stdout.split('\n')) assert.ok(line.length <= columns, `${columns}: ${line}`);
    // Colour takes no room: the first word of the next line would not have fitted.
    const at = stdout.split('\n').findIndex((line) => line.startsWith('  warning:'));
    const [line = '', next = ''] = stdout.split('\n').slice(at);
    assert.ok(`${line} ${next.trim().split(' ')[0]}`.length > columns, `${columns}: ${line}`);
    assert.match(
      stdout.replace(/\n +/g, ' '),
      /warning: what the running slot was made from is not known, so no delta/,
    );
  }
});

test('whoever interrupts is told which nodes go on by themselves', () => {
  const quiet = {
    of: () => ({ upgrade: () => {}, silent: () => {} }),
    note: () => {},
    done: () => {},
    rollout: () => {},
    end: () => {},
  };
  const view = new WatchedView(quiet);
  const stands = (node: string, state: string, needsOperator = false) =>
    view.of(node).upgrade({ state: `UPGRADE_STATE_${state}`, needsOperator } as Upgrade);
  stands('web-1', 'TRANSFERRING');
  stands('web-2', 'VERIFYING');
  stands('web-3', 'REBOOTING');
  stands('web-4', 'ARMED', true);
  stands('web-5', 'CONFIRMED');
  assert.deepEqual(
    view.leftBehind().map((sentence) => sentence.slice(0, 40)),
    [
      'web-1: the image is not all there, so no',
      'web-[2-3]: goes on by itself, through th',
      'web-4: waits, and any restart boots the ',
    ],
  );
});
