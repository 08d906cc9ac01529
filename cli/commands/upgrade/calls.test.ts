/** The commands around an upgrade that need no image: status, history, confirm, abort, reboot, rollback, and slots. */

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Failure } from '../../../proto/failure.ts';
import { FakeFleet, type FakeNode } from '../../testing/fleet.ts';
import { runCli } from '../../testing/run.ts';

const fleets: FakeFleet[] = [];
afterEach(() => {
  for (const fleet of fleets.splice(0)) fleet.remove();
});

const START = 1_795_000_000_000_000;
const upgrade = (more: Record<string, unknown> = {}) => ({
  ...{ id: 'u1', state: 'UPGRADE_STATE_CONFIRMED', author: 'nodectl://operator/alice/operator' },
  ...{ startedUsec: START, changedUsec: START + 95e6, endedUsec: START + 95e6, deadlineUsec: 0 },
  ...{ imageName: 'node', imageVersion: '2026.11.2', imageSerial: 42, manifestSha256: 'ab'.repeat(32) },
  ...{ targetSlot: 'b', fromSlot: 'a', fromVersion: '2026.10.1', fromSerial: 41 },
  ...{ confirmation: 'UPGRADE_CONFIRMATION_AUTOMATIC', progress: null, reason: '', why: '', bootLog: [] },
  ...{ failedChecks: [], waitingFor: '', message: '', rollback: false, needsOperator: false },
  ...more,
});

const fellBack = upgrade({
  ...{ id: 'u2', state: 'UPGRADE_STATE_FELL_BACK', reason: 'UPGRADE_BOOT_FAILED' },
  why: 'slot b was booted 3 times and did not come up',
  bootLog: ['kernel: Kernel panic - not syncing: \x1b[31mNo working init found'],
});

function fleet(nodes: Record<string, FakeNode['answers']>) {
  const made = new FakeFleet(
    Object.fromEntries(Object.entries(nodes).map(([name, answers]) => [name, answers ? { answers } : {}])),
  );
  fleets.push(made);
  const cli = (argv: string, columns?: number) =>
    runCli(argv.split(' '), { env: made.env, open: made.connect, ...(columns ? { columns } : {}) });
  return { made, cli };
}

test('status tells how each stands, and by its exit status whether all ended well', async () => {
  const answers = (one: object | null) => ({ GetUpgrade: () => ({ node: '', upgrade: one }) });
  const { cli } = fleet({
    'web-1': answers(upgrade()),
    'web-2': answers(fellBack),
    'web-3': answers(
      upgrade({ state: 'UPGRADE_STATE_TESTING', endedUsec: 0, waitingFor: 'waits for health' }),
    ),
    'web-4': answers(null),
  });
  const one = await cli('upgrade status -n web-1');
  assert.equal(one.status, 0, one.stderr);
  assert.match(
    one.stdout,
    /web-1 +confirmed +2026\.10\.1 \(serial 41\) +2026\.11\.2 \(serial 42\) +b .* 1m 35s/,
  );
  assert.equal((await cli('upgrade status -n web-[1-2]')).status, 3);
  assert.equal((await cli('upgrade status -n web-2')).status, 1);
  assert.equal((await cli('upgrade status -n web-1,web-3')).status, 8);
  const never = await cli('upgrade status -n web-4');
  assert.equal(never.status, 0);
  assert.match(never.stderr, /There never was an upgrade/);
  const [item] = JSON.parse((await cli('upgrade status -n web-2 -o json')).stdout).items;
  assert.deepEqual(
    [item.state, item.reason, item.started, item.deadline],
    ['fell-back', 'UPGRADE_BOOT_FAILED', new Date(START / 1_000).toISOString(), null],
  );
});

test('what a narrow terminal cuts off of a remark is said whole below the table', async () => {
  const fell = { GetUpgrade: () => ({ node: '', upgrade: fellBack }) };
  const { cli } = fleet({ 'web-1': fell, 'web-2': fell });
  const narrow = await cli('upgrade status -n web-[1-2]', 80);
  assert.match(narrow.stderr, /^web-\[1-2\]: slot b was booted 3 times and did not come up$/m);
  // And not cut in it besides.
  assert.doesNotMatch(narrow.stdout, /REMARK|…/);
  assert.doesNotMatch(narrow.stderr, /No room for .*REMARK/);
  assert.doesNotMatch((await cli('upgrade status -n web-[1-2]', 200)).stderr, /did not come up/);
  assert.doesNotMatch((await cli('upgrade status -n web-[1-2]')).stderr, /did not come up/);
});

test('watching goes through a reboot, and tells what happens as lines of JSON on a pipe', async () => {
  let calls = 0;
  const { cli } = fleet({
    'web-1': {
      WatchUpgrade: (request) => {
        calls++;
        if (calls === 1)
          return [
            upgrade({ state: 'UPGRADE_STATE_TRANSFERRING', endedUsec: 0 }),
            upgrade({ state: 'UPGRADE_STATE_REBOOTING', endedUsec: 0 }),
          ].map((one) => ({ node: 'web-1', upgrade: one }));
        assert.equal(request.upgradeId, 'u1', 'it goes on with the one that it began with');
        if (calls === 2) throw new Failure('CONNECTION_REFUSED', 'nobody listens');
        return [{ node: 'web-1', upgrade: upgrade() }];
      },
    },
  });
  const { status, stdout } = await cli('upgrade status -w -n web-1');
  assert.equal(status, 0);
  const lines = stdout.trim().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)).map(({ event, state }) => [event, state].join(' ').trim()),
    ['progress transferring', 'progress rebooting', 'silent', 'progress confirmed', 'confirmed'],
  );
  calls = 0;
  assert.equal((await cli('upgrade status -w -n web-1 -o table')).stdout.trim().split('\n').length, 2);
});

test('watching a node that was never upgraded ends at once, beside one that was', async () => {
  const { cli } = fleet({
    'web-1': { WatchUpgrade: () => [] },
    'web-2': { WatchUpgrade: () => [{ node: '', upgrade: upgrade() }] },
  });
  const never = await cli('upgrade status -w -n web-1 -o table');
  assert.equal(never.status, 0, never.stderr);
  assert.match(never.stderr, /There never was an upgrade/);
  const both = await cli('upgrade status -w -n web-[1-2] -o table');
  assert.equal(both.status, 0, both.stderr);
  assert.match(both.stdout, /web-2 +confirmed/);
});

test('watching ends with what the node refuses, and where an operator is waited for', async () => {
  const { cli } = fleet({
    'web-1': {
      WatchUpgrade: () => {
        throw new Failure('PERMISSION_DENIED', 'the role reader is not enough');
      },
    },
    'web-2': {
      WatchUpgrade: () => [
        {
          node: '',
          upgrade: upgrade({
            state: 'UPGRADE_STATE_TESTING',
            endedUsec: 0,
            needsOperator: true,
            waitingFor: 'waits for you',
          }),
        },
      ],
    },
  });
  const refused = await cli('upgrade status -w -n web-1');
  assert.equal(refused.status, 4);
  const waits = await cli('upgrade status -w -n web-2');
  assert.equal(waits.status, 8);
  assert.match(waits.stdout, /waits for you/);
});

test('the history says why one fell back, with the end of its log, of which a terminal obeys nothing', async () => {
  const { cli, made } = fleet({
    'web-1': {
      ListUpgrades: ({ pageToken }) =>
        pageToken === ''
          ? { upgrades: [fellBack], nextPageToken: 'more' }
          : { upgrades: [upgrade()], nextPageToken: '' },
    },
  });
  const { stdout } = await cli('upgrade history -n web-1 -v', 120);
  assert.match(
    stdout,
    /fell-back[\s\S]*confirmed[\s\S]*\[UPGRADE_BOOT_FAILED\][\s\S]*did not come up[\s\S]*Kernel panic/,
  );
  assert.ok(!stdout.includes('\x1b[31mNo working'));
  assert.equal(made.calls.length, 2);
  assert.equal((await cli('upgrade history --tail 1')).status, 0, 'all nodes, as status and slots');
  assert.equal((await cli('upgrade history -n web-1 --tail 0')).status, 2);
});

test('confirm names the upgrade that it confirms, and refuses where nothing is tested', async () => {
  const testing = upgrade({ state: 'UPGRADE_STATE_TESTING', endedUsec: 0 });
  const confirmed: unknown[] = [];
  const { cli } = fleet({
    'web-1': {
      GetUpgrade: () => ({ node: '', upgrade: testing }),
      ConfirmUpgrade: (request) => {
        confirmed.push(request.upgradeId);
        return { upgrade: upgrade() };
      },
    },
    'web-2': { GetUpgrade: () => ({ node: '', upgrade: upgrade() }) },
  });
  assert.equal((await cli('upgrade confirm -n web-1')).status, 0);
  assert.deepEqual(confirmed, ['u1']);
  const { status, stderr } = await cli('upgrade confirm -n web-2');
  assert.equal(status, 6);
  assert.match(stderr, /no image is being tested/);
});

test('reboot and rollback ask first, and follow unless told not to', async () => {
  const asked: unknown[] = [];
  const { cli } = fleet({
    'web-1': {
      RebootUpgrade: () => ({ upgrade: upgrade({ state: 'UPGRADE_STATE_REBOOTING', endedUsec: 0 }) }),
      RollbackUpgrade: (request) => {
        asked.push(request);
        return { node: '', upgrade: upgrade({ state: 'UPGRADE_STATE_ARMED', endedUsec: 0, rollback: true }) };
      },
      AbortUpgrade: () => ({ upgrade: upgrade({ state: 'UPGRADE_STATE_ABORTED', why: 'alice ended it' }) }),
      WatchUpgrade: () => [{ node: '', upgrade: upgrade() }],
    },
  });
  assert.equal((await cli('upgrade reboot -n web-1')).status, 2, 'nobody can be asked');
  assert.equal((await cli('upgrade reboot -n web-1 --yes --no-wait')).status, 8);
  assert.equal((await cli('upgrade reboot -n web-1 --yes -w --no-wait')).status, 2);
  for (const as of ['', ' -w']) assert.equal((await cli(`upgrade reboot -n web-1 --yes${as}`)).status, 0);
  const back = await cli(
    'upgrade rollback -n web-1 --yes --to a --confirm manual --deadline 5m --tries 1 -w',
  );
  assert.equal(back.status, 0);
  const [request] = asked as { slot: string; options: Record<string, unknown> }[];
  assert.equal(request?.slot, 'a');
  assert.deepEqual(
    [request?.options.confirmation, request?.options.deadlineSeconds, request?.options.tries],
    ['UPGRADE_CONFIRMATION_MANUAL', 300, 1],
  );
  assert.equal((await cli('upgrade rollback -n web-1 --yes --peer a:1')).status, 2);
  for (const yes of ['', ' -y'])
    assert.equal((await cli(`upgrade abort -n web-1${yes}`)).status, 0, 'it was asked for');
});

test('slots', async () => {
  const slot = {
    ...{ name: 'a', device: '/dev/nvme0n1p2', bytes: 2 ** 30, health: 'SLOT_HEALTH_GOOD', booted: true },
    ...{ next: true, imageName: 'node', imageVersion: '2026.10.1', imageSerial: 41 },
    ...{ rootSha256: 'cd'.repeat(32), writtenUsec: START, triesLeft: 2 },
  };
  const empty = {
    ...slot,
    name: 'b',
    health: 'SLOT_HEALTH_EMPTY',
    booted: false,
    next: false,
    imageName: '',
  };
  const { cli } = fleet({
    'web-1': {
      ListSlots: () => ({
        ...{ node: 'web-1', backend: 'grub', problems: ['the second environment block was repaired'] },
        ...{ slots: [slot, { ...empty, imageVersion: '', imageSerial: 0, rootSha256: '', writtenUsec: 0 }] },
        serialFloor: 41,
      }),
    },
  });
  const narrow = await cli('slots', 80);
  assert.doesNotMatch(narrow.stdout, /…/);
  assert.match(narrow.stderr, /No room for DIGEST, WRITTEN/);
  const { stdout, stderr } = await cli('slots');
  assert.match(stdout, /web-1 +a +good, runs, boots next +2 +node +2026\.10\.1 \(serial 41\) +cdcdcdcdcdcd/);
  assert.match(stdout, /web-1 +b +empty/);
  assert.match(stderr, /web-1: the second environment block was repaired/);
  const { items } = JSON.parse((await cli('slots -o json')).stdout);
  assert.deepEqual([items[0].health, items[1].written, items[0].backend], ['good', null, 'grub']);
});
