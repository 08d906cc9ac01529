/** Rolling an image out over nodes that are made up: turns, failures that stop it, transfers that break, and what is given up. */

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import type { UpgradeOptions } from '../../proto/gen/types/nodectl/v1/UpgradeOptions.ts';
import type { UpgradePlan__Output as Plan } from '../../proto/gen/types/nodectl/v1/UpgradePlan.ts';
import type { Target } from '../fleet/target.ts';
import type { Session } from '../session.ts';
import { FakeFleet, type FakeNode } from '../testing/fleet.ts';
import { type RolloutCounts, rolloutLine } from './progress.ts';
import { type Rollout, rollOut } from './roll-out.ts';

const SHA = 'ab'.repeat(32);
const fleets: FakeFleet[] = [];
afterEach(() => {
  for (const fleet of fleets.splice(0)) fleet.remove();
});

/** What a node does of its own. */
interface Behaviour {
  /** How the reboot ends; 'confirmed' by default. */
  ends?: 'confirmed' | 'fell-back';
  /** It is away when its turn comes, since its power failed, and comes up with the new image. */
  losesPower?: boolean;
  /** StartUpgrade is refused. */
  refuses?: Failure;
  /** It has begun this upgrade before. */
  resumes?: boolean;
  alreadyRunning?: boolean;
}

interface Node {
  state: string;
  ended: boolean;
  log: string[];
}

function lab(behaviours: Record<string, Behaviour>) {
  const nodes: Record<string, Node> = {};
  const log: string[] = [];
  const counts: RolloutCounts[] = [];
  let down = 0;
  let mostDown = 0;
  const made: Record<string, FakeNode> = {};
  for (const [name, behaviour] of Object.entries(behaviours)) {
    const node: Node = { state: behaviour.resumes ? 'TRANSFERRING' : '', ended: false, log: [] };
    nodes[name] = node;
    let noReboot = false;
    const upgrade = () => ({
      ...{ id: `${name}-1`, state: `UPGRADE_STATE_${node.state}`, manifestSha256: SHA },
      ...{ progress: { wireBytes: 0 }, why: '', needsOperator: node.state === 'ARMED' && noReboot },
    });
    const told = () => ({ node: name, upgrade: node.state === '' ? null : upgrade() });
    const end = () => {
      node.state = (behaviour.ends ?? 'confirmed').toUpperCase().replace('-', '_');
      down--;
    };
    const reboot = () => {
      log.push(`${name} reboots`);
      down++;
      mostDown = Math.max(mostDown, down);
      node.state = 'REBOOTING';
      setTimeout(end, 30);
      return told();
    };
    made[name] = {
      answers: {
        GetUpgrade: told,
        StartUpgrade: ({ options }) => {
          if (behaviour.refuses) throw behaviour.refuses;
          log.push(`${name} starts`);
          noReboot = (options as UpgradeOptions).noReboot === true;
          node.state = 'PLANNED';
          return told();
        },
        RebootUpgrade: () => {
          if (behaviour.losesPower && node.state === 'ARMED') {
            reboot();
            throw new Failure('CONNECTION_LOST', 'its power has failed');
          }
          if (node.state !== 'ARMED') throw new Failure('UPGRADE_WRONG_STATE', `it is ${node.state}`);
          return reboot();
        },
        AbortUpgrade: () => {
          log.push(`${name} aborts`);
          node.state = 'ABORTED';
          return told();
        },
        WatchUpgrade: () => [told()],
      },
    };
    Object.assign(node, {
      received: () => {
        node.state = 'ARMED';
        if (!noReboot) reboot();
      },
      reboot,
    });
  }
  const fleet = new FakeFleet(made);
  fleets.push(fleet);
  const targets = Object.keys(behaviours).map(
    (name): Target => ({ name, addresses: [`${name}:7443`], labels: {} }) as Target,
  );
  const session = {
    ...{ signal: new AbortController().signal, open: fleet.connect, options: {}, env: {}, args: [] },
    context: async () => ({ trust: '', credential: { chain: '', key: '' } }),
    limits: () => ({}),
  } as unknown as Session;
  const plans = new Map(
    Object.entries(behaviours).map(([name, { alreadyRunning = false }]) => [
      name,
      { alreadyRunning } as Plan,
    ]),
  );
  const run = (more: Partial<Rollout> = {}) =>
    rollOut(
      session,
      targets,
      {
        ...{ image: { manifest: Buffer.alloc(1), signatures: [] }, options: {} },
        ...{ maxUnavailable: 1, maxFailures: 0, plans },
        send: async (_channel, { id }) => {
          const name = id.replace(/-1$/, '');
          log.push(`${name} receives`);
          (nodes[name] as unknown as { received: () => void }).received();
        },
        ...more,
      },
      {
        of: () => ({ upgrade: () => {}, silent: () => {} }),
        note: () => {},
        done: () => {},
        rollout: (now) => void counts.push(now),
        end: () => {},
      },
    );
  const ends = (results: Awaited<ReturnType<typeof run>>) =>
    results.map((one) =>
      'failure' in one ? one.failure.reason : (one.value?.state.replace('UPGRADE_STATE_', '') ?? 'nothing'),
    );
  return { run, ends, log, counts, nodes, mostDown: () => mostDown };
}

const three = { 'web-1': {}, 'web-2': {}, 'web-3': {} };

test('all receive it, and they reboot one after the other', async () => {
  const { run, ends, log, mostDown } = lab(three);
  assert.deepEqual(ends(await run()), ['CONFIRMED', 'CONFIRMED', 'CONFIRMED']);
  assert.equal(mostDown(), 1);
  const reboots = log.filter((line) => line.endsWith('reboots'));
  assert.deepEqual(reboots, ['web-1 reboots', 'web-2 reboots', 'web-3 reboots']);
  assert.ok(log.indexOf('web-3 receives') < log.indexOf('web-1 reboots'), 'transfers come first');
});

test('as many reboot at once as may be unavailable, and then the nodes need nobody', async () => {
  const two = lab({ ...three, 'web-4': {} });
  await two.run({ maxUnavailable: 2 });
  assert.equal(two.mostDown(), 2);
  const all = lab(three);
  await all.run({ maxUnavailable: 3 });
  assert.equal(all.mostDown(), 3);
});

test('one that falls back stops the others, which are given up and say why', async () => {
  const { run, ends, log, counts } = lab({
    'web-1': {},
    'web-2': { ends: 'fell-back' },
    'web-3': {},
    'web-4': {},
  });
  const results = await run();
  assert.deepEqual(ends(results), ['CONFIRMED', 'FELL_BACK', 'UPGRADE_STOPPED', 'UPGRADE_STOPPED']);
  // Whoever looks sees at each moment how many are how far.
  assert.ok(counts.map(rolloutLine).includes('1 of 4 nodes done, 1 did not end well, 2 more have the image'));
  assert.equal(
    rolloutLine(counts.at(-1) as RolloutCounts),
    '1 of 4 nodes done, 1 did not end well, 2 given up',
  );
  assert.deepEqual(
    log.filter((line) => line.endsWith('aborts')),
    ['web-3 aborts', 'web-4 aborts'],
  );
  for (const one of results.slice(2))
    assert.match('failure' in one ? one.failure.message : '', /did not end well on web-2$/);
});

test('so many may fail as are allowed', async () => {
  const { run, ends } = lab({ 'web-1': { ends: 'fell-back' }, 'web-2': {}, 'web-3': {} });
  assert.deepEqual(ends(await run({ maxFailures: 1 })), ['FELL_BACK', 'CONFIRMED', 'CONFIRMED']);
});

test('a node that refuses stops nobody from receiving, but counts', async () => {
  const refuses = new Failure('UPGRADE_TARGET_BUSY', 'the slot is mounted');
  const { run, ends } = lab({ 'web-1': { refuses }, 'web-2': {} });
  assert.deepEqual(ends(await run()), ['UPGRADE_TARGET_BUSY', 'UPGRADE_STOPPED']);
  const other = lab({ 'web-1': { refuses }, 'web-2': {} });
  assert.deepEqual(other.ends(await other.run({ maxFailures: 1 })), ['UPGRADE_TARGET_BUSY', 'CONFIRMED']);
});

test('what was begun before is taken up, and what runs already is left alone', async () => {
  const { run, ends, log } = lab({ 'web-1': { resumes: true }, 'web-2': { alreadyRunning: true } });
  assert.deepEqual(ends(await run({ maxUnavailable: 2 })), ['CONFIRMED', 'nothing']);
  assert.deepEqual(
    log,
    ['web-1 starts', 'web-1 receives', 'web-1 reboots'],
    'the node hears what is wanted now',
  );
});

test('a transfer that breaks is tried again, one that is refused is not', async () => {
  const { run, ends, nodes } = lab({ 'web-1': {} });
  let tries = 0;
  const send = async () => {
    if (++tries < 3) throw new Failure('CONNECTION_LOST', 'it broke');
    (nodes['web-1'] as unknown as { received: () => void }).received();
  };
  assert.deepEqual(ends(await run({ send })), ['CONFIRMED']);
  assert.equal(tries, 3);
  // A registry is asked again where it is read; that it is unreachable says nothing of the node.
  for (const reason of ['IMAGE_DIGEST_MISMATCH', 'REGISTRY_UNREACHABLE', 'UPGRADE_STALLED'] as const) {
    const other = lab({ 'web-1': {} });
    let sends = 0;
    const refused = async () => {
      if (++sends > 1) throw new Failure('INTERNAL', 'it was tried again');
      throw new Failure(reason, 'not what was signed');
    };
    assert.deepEqual(other.ends(await other.run({ send: refused })), [reason]);
  }
});

test('one whose power fails when its turn comes boots the new image then, and nobody is given up', async () => {
  const { run, ends } = lab({ 'web-1': { losesPower: true }, 'web-2': {} });
  assert.deepEqual(ends(await run()), ['CONFIRMED', 'CONFIRMED']);
});

test('where somebody else rolls out the same, nodes are followed and nobody is given up', async () => {
  const { run, ends, log, nodes } = lab({ 'web-1': {}, 'web-2': {} });
  const by = nodes as unknown as Record<string, { received: () => void; reboot: () => void }>;
  const results = await run({
    send: async (_channel, { id }) => {
      setTimeout(() => by[id.replace(/-1$/, '')]?.received(), 20);
      throw new Failure('UPGRADE_TAKEN_OVER', 'another stream goes on');
    },
    // Between our look and our word.
    courtesy: { before: async (node) => by[node]?.reboot(), after: async () => {} },
  });
  assert.deepEqual(ends(results), ['CONFIRMED', 'CONFIRMED']);
  assert.ok(!log.some((line) => line.endsWith('aborts')));
});

test('with --no-reboot all stay armed', async () => {
  const { run, ends, log } = lab(three);
  assert.deepEqual(ends(await run({ options: { noReboot: true } })), ['ARMED', 'ARMED', 'ARMED']);
  assert.ok(!log.some((line) => line.endsWith('reboots')));
});

test('work is taken off a node before it reboots, and let back when it is up, also after it fell back', async () => {
  const { run, ends, log } = lab({ 'web-1': { ends: 'fell-back' }, 'web-2': {} });
  const courtesy = {
    before: async (node: string) => {
      log.push(`${node} drained`);
      if (node === 'web-2') throw new Failure('UPGRADE_WRONG_STATE', 'a pod blocks');
    },
    after: async (node: string) => void log.push(`${node} back`),
  };
  assert.deepEqual(ends(await run({ courtesy, maxFailures: 1 })), ['FELL_BACK', 'UPGRADE_WRONG_STATE']);
  assert.deepEqual(log.slice(-5), [
    ...['web-1 drained', 'web-1 reboots', 'web-1 back', 'web-2 drained', 'web-2 aborts'],
  ]);
});

test('with --no-wait nodes are left to themselves once they have it, but not where they wait for their turn', async () => {
  const { run, nodes } = lab({ 'web-1': {} });
  const send = async () => {
    (nodes['web-1'] as Node).state = 'VERIFYING';
  };
  const [result] = await run({ leave: true, send });
  assert.equal(result && 'value' in result && result.value?.state, 'UPGRADE_STATE_VERIFYING');
  await assert.rejects(lab(three).run({ leave: true }), { reason: 'BAD_ARGUMENT', message: /their turn/ });
});
