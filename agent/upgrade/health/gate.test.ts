/** The gate on a node that is made ill in every way that an image can make it so. */

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { LIVE_REACH } from '../../host/reach.ts';
import { type GateParts, NodeHealthGate } from './gate.ts';
import { readBaseline } from './observation.ts';
import { type Ills, illNode } from './testing.ts';

const { signal } = new AbortController();
const QUICK = { stateFolder: '/var/lib/nodectl', lookEveryMs: 5, settleMs: 15 };

function gateOf(ills: Ills, parts: Partial<GateParts> = {}): NodeHealthGate {
  return new NodeHealthGate({ machine: illNode(ills), ...QUICK, ...parts });
}

/** What the gate says after a boot that made a well node ill. One that is well has passed long before `limitMs`. */
async function after(
  before: Ills,
  ills: Ills,
  checks: unknown[] = [],
  parts: Partial<GateParts> = {},
  limitMs = 60,
) {
  const baseline = JSON.parse(JSON.stringify(await gateOf(before).baseline(signal))) as unknown;
  return gateOf(ills, parts).run({ baseline, checks, deadlineMs: Date.now() + limitMs }, signal);
}

/** How long a node that should be well may take to show it: as long as a busy machine needs. It takes that long only to fail. */
const WELL_MS = 20_000;

/** What fails on a node that should be well. */
const failedOf = async (ills: Ills, checks: unknown[] = [], parts: Partial<GateParts> = {}) =>
  (await after({}, ills, checks, parts, WELL_MS)).failed;

const checksOf = (verdict: { failures: readonly { check: string }[] }) =>
  verdict.failures.map(({ check }) => check);

test('a baseline holds what was true, survives JSON and is read back strictly', async () => {
  const taken = await gateOf({ etcd: 'true', failed: ['old.service'] }).baseline(signal);
  const { node } = readBaseline(JSON.parse(JSON.stringify(taken)));
  assert.deepEqual(node.failedUnits, ['old.service']);
  assert.deepEqual(node.runningServices, [
    'chrony.service',
    'kubelet.service',
    'ssh.service',
    'packagekit.service',
  ]);
  assert.deepEqual(node.links?.[0], {
    ...{ key: 'pci/0000:01:00.0', name: 'eth0', driver: 'igc', carrier: true, speedMbps: 2_500 },
  });
  assert.deepEqual(node.defaultRoutes, { ipv4: ['eth0'], ipv6: [] });
  assert.deepEqual(node.addresses?.[0]?.ipv4, ['10.0.1.5/24']);
  assert.equal(node.clock, 'synchronised');
  assert.equal(node.kubelet, '');
  assert.equal(node.etcd, '');
  assert.equal(node.stateBytes, 131_072 * 4_096);
  assert.deepEqual(node.leftOut, []);
  for (const broken of [
    undefined,
    {},
    { ...taken, v: 2 },
    { ...taken, more: 1 },
    { ...taken, node: { ...taken.node, clock: 'right' } },
    { ...taken, node: { ...taken.node, leftOut: undefined } },
  ])
    assert.throws(() => readBaseline(broken), { reason: 'UPGRADE_BASELINE' });
});

test('a node that is as it was passes, and one that has always been ill', async () => {
  for (const ills of [
    {},
    { failed: ['old.service'], kubelet: 'dead', unsynchronised: true, noRoute: true },
  ]) {
    const verdict = await after(ills, ills, [], {}, WELL_MS);
    assert.deepEqual([verdict.healthy, verdict.failed], [true, []]);
    assert.ok(verdict.tookMs >= QUICK.settleMs);
  }
});

const REGRESSIONS: [string, Ills, Ills, string[]][] = [
  ['a unit that fails', {}, { failed: ['chrony.service'] }, ['unit chrony.service']],
  [
    'an enabled service that does not run',
    {},
    { services: { 'ssh.service': 'inactive' } },
    ['unit ssh.service'],
  ],
  ['one that is restarted for ever', {}, { services: { 'ssh.service': 'activating' } }, ['unit ssh.service']],
  ['a link that is lost', {}, { carrier: { eth0: false } }, ['link eth0']],
  ['a link that is slower', {}, { speed: { eth1: 100 } }, ['link eth1']],
  ['no default route', {}, { noRoute: true }, ['default route ipv4']],
  ['no address', {}, { noAddress: true }, ['address eth0 ipv4']],
  ['a clock that nobody sets', {}, { unsynchronised: true }, ['clock']],
  ['a kubelet that is not ready', {}, { kubelet: 'dead' }, ['kubelet']],
  ['a kubelet that is not there', {}, { noKubelet: true }, ['kubelet']],
  ['an etcd member without a leader', { etcd: 'true' }, { etcd: 'false' }, ['etcd']],
  ['an etcd member that does not answer', { etcd: 'true' }, { etcd: 'dead' }, ['etcd']],
  ['a disk that is full', {}, { availableBlocks: 100 }, ['room for state']],
  ['a systemd that does not answer', {}, { systemctl: 'broken' }, ['failed units', 'services']],
];

for (const [what, before, ills, expected] of REGRESSIONS)
  test(`a regression: ${what}`, async () => {
    const verdict = await after(before, ills);
    assert.deepEqual([verdict.healthy, checksOf(verdict)], [false, expected]);
    assert.equal(verdict.failed.length, expected.length);
  });

const CHANGES: [string, Ills][] = [
  ['a service that the image has no more', { services: { 'packagekit.service': 'gone' } }],
  [
    'one that starts when it is asked',
    { services: { 'packagekit.service': 'inactive' }, enabled: { 'packagekit.service': 'static' } },
  ],
  [
    'one that a socket starts',
    { services: { 'ssh.service': 'inactive' }, triggered: { 'ssh.service': 'ssh.socket' } },
  ],
  ['a session that is over', { services: { 'user@0.service': 'inactive' } }],
  ['another address', { otherAddress: true }],
  ['other names of the same cards', { names: { eth0: 'enp1s0f0', eth1: 'enp1s0f1' } }],
  ['a faster link', { speed: { eth1: 10_000 } }],
];

for (const [what, ills] of CHANGES)
  test(`no regression: ${what}`, async () => {
    assert.deepEqual(await failedOf(ills), []);
  });

test('declared checks of image and document are looked at on real sockets', async () => {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const image = [{ kind: 'tcp', port }, { kind: 'unit', name: 'chrony.service' }, { kind: 'kubelet' }];
  const documentChecks = () => ({ web: { tcp: `127.0.0.1:${port}` } });
  try {
    const parts = { reach: LIVE_REACH, documentChecks };
    assert.deepEqual(await failedOf({}, image, parts), []);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  const verdict = await after({}, {}, [...image, { kind: 'etcd' }, { kind: 'moon' }], { documentChecks });
  assert.deepEqual(
    checksOf(verdict).map((one) => one.split(' (')[0]),
    [...['check web', `check tcp 127.0.0.1:${port}`, 'check etcd', 'check 5 of the image']],
  );
  assert.match(verdict.failed[1] ?? '', /ECONNREFUSED/);
  assert.match(verdict.failed[2] ?? '', /keeps no etcd/);
});

test('a check of a document that cannot be read does not hold', async () => {
  const documentChecks = () => {
    throw new Error('it is damaged');
  };
  assert.match((await after({}, {}, [], { documentChecks })).failed[0] ?? '', /it is damaged/);
});

test('the agent calls itself; one that does not answer is given up', async () => {
  const refuse = async () => {
    throw new Error('CONNECTION_REFUSED');
  };
  assert.match(
    (await after({}, {}, [], { selfCall: refuse })).failed[0] ?? '',
    /own port.*CONNECTION_REFUSED/,
  );
  assert.deepEqual(await failedOf({}, [], { selfCall: async () => undefined }), []);
});

test('a node that comes up late passes; one that flaps does not', async () => {
  const ills: Ills = { kubelet: 'dead', noRoute: true };
  const baseline = await gateOf({}).baseline(signal);
  const late = gateOf(ills).run({ baseline, checks: [], deadlineMs: Date.now() + 600_000 }, signal);
  setTimeout(() => delete ills.kubelet, 20);
  setTimeout(() => delete ills.noRoute, 40);
  assert.equal((await late).healthy, true);

  // Well at every second look, ill in between: it never holds.
  let look = 0;
  const selfCall = async () => {
    if (look++ % 2 === 0) throw new Error('flaps');
  };
  const order = { baseline, checks: [], deadlineMs: Date.now() + 100 };
  const flapping = await gateOf({}, { selfCall, settleMs: 1_000_000 }).run(order, signal);
  assert.equal(flapping.healthy, false);
});

test('one that was well for too short a time at the deadline is told so', async () => {
  const order = { baseline: undefined, checks: [], deadlineMs: Date.now() + 20 };
  const verdict = await gateOf({}, { settleMs: 1_000_000 }).run(order, signal);
  assert.deepEqual([verdict.healthy, checksOf(verdict)], [false, ['settled']]);
});

test('since when something fails is when it began, not when it was last seen', async () => {
  const began = Date.now();
  const verdict = await after({}, { noRoute: true });
  assert.ok((verdict.failures[0]?.since ?? 0) - began < Date.now() - began + 1);
  assert.ok((verdict.failures[0]?.since ?? 0) >= began);
});

test('without a baseline, or with one that cannot be read, the checks alone decide', async () => {
  for (const baseline of [undefined, { v: 99 }]) {
    const order = { baseline, checks: [], deadlineMs: Date.now() + 600_000 };
    assert.equal((await gateOf({ noRoute: true }).run(order, signal)).healthy, true);
    const ill = { ...order, checks: [{ kind: 'unit', name: 'gone.service' }], deadlineMs: Date.now() + 30 };
    assert.equal((await gateOf({}).run(ill, signal)).healthy, false);
  }
});

test('a reader that hangs is left out of the baseline and told; after the boot it is a failure', async () => {
  const machine = illNode();
  const { run } = machine;
  machine.run = (program, args) =>
    program === 'ip' ? new Promise<never>(() => undefined) : run.call(machine, program, args);
  const given = new AbortController();
  const taking = new NodeHealthGate({ machine, ...QUICK, observeMs: 200 }).baseline(given.signal);
  const { node } = await taking;
  assert.equal(node.addresses, undefined);
  assert.equal(node.clock, 'synchronised');
  assert.deepEqual(
    node.leftOut.map(({ what }) => what),
    ['addresses'],
  );
  const baseline = await gateOf({}).baseline(signal);
  const order = { baseline, checks: [], deadlineMs: Date.now() + 30 };
  const verdict = await new NodeHealthGate({ machine, ...QUICK, observeMs: 200 }).run(order, signal);
  assert.match(verdict.failed.join(), /addresses: addresses could not be read in time/);
});

test('an abort ends the gate', async () => {
  const over = new AbortController();
  const running = gateOf({ noRoute: true }).run(
    { baseline: await gateOf({}).baseline(signal), checks: [], deadlineMs: Date.now() + 600_000 },
    over.signal,
  );
  over.abort();
  await assert.rejects(running, { name: 'AbortError' });
});
