import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { after, before, test } from 'node:test';
import { Failure } from '../../../proto/failure.ts';
import type { OpenChannel } from '../../session.ts';
import { FakeFleet, nodeAnswer } from '../../testing/fleet.ts';
import { type Step, walk } from './walk.ts';

let server: Server;
let address = '';
before(async () => {
  server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  assert.ok(bound && typeof bound === 'object');
  address = `127.0.0.1:${bound.port}`;
});
after(() => server.close());

const fleets: FakeFleet[] = [];
after(() => {
  for (const fleet of fleets) fleet.remove();
});

/** Walks to a node that answers with a clock that is off by so much. */
async function steps(open?: OpenChannel, skewMs = 0, addresses = [address]): Promise<Step[]> {
  const fleet = new FakeFleet({
    'web-1': {
      answers: {
        WhoAmI: () => ({
          node: 'web-1',
          name: 'alice',
          role: 'reader',
          serial: '01',
          notAfter: 4_000_000_000,
        }),
        GetNode: () => nodeAnswer('web-1', { nowUsec: (Date.now() + skewMs) * 1_000 }),
      },
    },
  });
  fleets.push(fleet);
  const found = await walk({
    target: { name: 'web-1', addresses, labels: {} },
    context: { trust: '', credential: { key: '', chain: '' } },
    open: open ?? fleet.connect,
    timeoutMs: 2_000,
    signal: new AbortController().signal,
  });
  return found;
}

const outline = (all: readonly Step[]) => all.map(({ step, status }) => `${step} ${status}`);

test('each step to a node that is well; a credential that cannot be read is told first', async () => {
  assert.deepEqual(outline(await steps()), [
    'certificate failed',
    'tcp ok',
    'tls ok',
    'role ok',
    'clock ok',
    'agent ok',
  ]);
});

test('a clock that is off is a warning with both times', async () => {
  const all = await steps(undefined, -90_000);
  const clock = all.find(({ step }) => step === 'clock');
  assert.equal(clock?.status, 'warning');
  assert.match(clock?.detail ?? '', /^its clock is 1m \d+s behind this one: \S+Z there, \S+Z here$/);
});

test('a failure stands at the step that it belongs to, and ends the way', async () => {
  const cases: [Failure, string][] = [
    [new Failure('WRONG_NODE', 'another'), 'tls failed'],
    [new Failure('CERTIFICATE_EXPIRED', 'ended'), 'tls failed'],
    [new Failure('CERTIFICATE_DENIED', 'denied'), 'role failed'],
    [new Failure('CONNECTION_LOST', 'lost'), 'agent failed'],
    [new Failure('CONNECT_TIMEOUT', 'says nothing'), 'tls failed'],
  ];
  for (const [failure, last] of cases) {
    const all = await steps(() => Promise.reject(failure));
    assert.deepEqual(outline(all).slice(1), ['tcp ok', last]);
    assert.equal(all.at(-1)?.failure, failure);
  }
});

test('of several addresses each is walked to until one is well', async () => {
  const closed = new Failure('CONNECTION_REFUSED', 'nothing listens');
  const fleet = new FakeFleet({});
  fleets.push(fleet);
  let tried = 0;
  const open: OpenChannel = () => {
    tried++;
    return Promise.reject(closed);
  };
  const all = await steps(open, 0, ['127.0.0.1:1', address]);
  assert.equal(tried, 2);
  assert.deepEqual(
    all.slice(1).map((one) => `${one.address === address ? 'b' : 'a'} ${one.step} ${one.status}`),
    ['a tcp failed', 'b tcp ok', 'b tcp failed'],
  );
});
