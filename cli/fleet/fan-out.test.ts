import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { newSession } from '../new-session.ts';
import { Terminal } from '../output/terminal.ts';
import type { OptionValues, Session } from '../session.ts';
import { FakeFleet, type FakeNode, versionAnswer } from '../testing/fleet.ts';
import { MemorySink } from '../testing/run.ts';
import { fanOut, fanOutInOrder } from './fan-out.ts';

const fleets: FakeFleet[] = [];
after(() => {
  for (const fleet of fleets) fleet.remove();
});

function setUp(nodes: Record<string, FakeNode>, options: OptionValues = {}, signal?: AbortSignal) {
  const fleet = new FakeFleet(nodes);
  fleets.push(fleet);
  const session = newSession({
    command: { name: 'test', summary: '', group: 'Nodes', targets: 'read-all' },
    path: 'test',
    args: [],
    options,
    terminal: new Terminal({ stdout: new MemorySink(), stderr: new MemorySink(), env: {} }),
    env: fleet.env,
    signal: signal ?? new AbortController().signal,
    open: fleet.connect,
  });
  return { fleet, session };
}

const version = (session: Session) => (channel: Parameters<Parameters<typeof fanOut>[2]>[0]) =>
  channel.unary('nodectl.v1.SystemService/GetVersion', {}, session.limits());

function many(count: number, more: (index: number) => FakeNode = () => ({})): Record<string, FakeNode> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const name = `web-${index}`;
      return [name, { answers: { GetVersion: () => versionAnswer(name) }, ...more(index) }];
    }),
  );
}

test('results come in the order of the nodes, whoever is faster', async () => {
  const { session } = setUp(many(12, (index) => ({ delayMs: (12 - index) * 4 })));
  const results = await fanOut(session, await session.targets(), version(session));
  assert.deepEqual(
    results.map(({ node }) => node),
    Array.from({ length: 12 }, (_, index) => `web-${index}`),
  );
  assert.ok(results.every((result) => 'value' in result && result.value.node === result.node));
});

test('only so many nodes are called at once, and every channel is closed', async () => {
  const { fleet, session } = setUp(many(1_000));
  const results = await fanOut(session, await session.targets(), version(session));
  assert.equal(results.length, 1_000);
  assert.equal(fleet.mostOpen, 32);
  assert.equal(fleet.open, 0);
  const narrow = setUp(many(20), { parallel: '3' });
  await fanOut(narrow.session, await narrow.session.targets(), version(narrow.session));
  assert.equal(narrow.fleet.mostOpen, 3);
});

test('what is there is given while others still work', async () => {
  const { session } = setUp({ ...many(3), 'web-3': { hangs: true } });
  const seen: string[] = [];
  for await (const { node } of fanOutInOrder(session, await session.targets(), version(session))) {
    seen.push(node);
    if (seen.length === 3) break;
  }
  assert.deepEqual(seen, ['web-0', 'web-1', 'web-2']);
});

test('the failure of one stops no other', async () => {
  const { session } = setUp({ ...many(4), 'web-1': { answers: {} } });
  const results = await fanOut(session, await session.targets(), version(session));
  assert.deepEqual(
    results.map((result) => ('failure' in result ? result.failure.reason : 'ok')),
    ['ok', 'UNKNOWN_METHOD', 'ok', 'ok'],
  );
});

test('an interrupt ends all of it', async () => {
  const stop = new AbortController();
  const nodes = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`n-${index}`, { hangs: true }]));
  const { fleet, session } = setUp(nodes, {}, stop.signal);
  const targets = await session.targets();
  setTimeout(() => stop.abort(), 20);
  await assert.rejects(fanOut(session, targets, version(session)), /interrupted/);
  assert.equal(fleet.open, 0);
});
