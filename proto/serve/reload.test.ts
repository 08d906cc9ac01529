/** Certificates that are swapped while the server runs, and the end of a server. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestCredential, type TestPki, testPki } from '../../test/support/pki.ts';
import { startServer, type TestServer, until } from '../../test/support/serve.ts';
import type { Channel } from '../call/channel.ts';
import { Failure } from '../failure.ts';

let pki: TestPki;
let served: TestServer;
let admin: TestCredential;

before(async () => {
  pki = testPki();
  served = await startServer(pki, 'node-1');
  admin = await pki.operator('alice', 'admin');
});

after(async () => {
  await served.server.drain(100);
  pki.remove();
});

const version = (channel: Channel) => channel.unary('nodectl.v1.SystemService/GetVersion', {});

test('swapping the certificate under load fails no call, new or open', async () => {
  served.behaviour.read = async function* () {
    for (let at = 0; at < 200; at++) {
      yield { start: { source: `${at}` } };
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  const old = await served.open(admin);
  let events = 0;
  const stream = (async () => {
    for await (const _ of old.serverStream('nodectl.v1.LogsService/ReadLogs', {})) events++;
  })();
  let swapping = true;
  let calls = 0;
  const callers = [1, 2, 3].map(async () => {
    while (swapping) {
      const channel = await served.open(admin);
      await version(channel);
      channel.close();
      calls++;
    }
  });
  for (let at = 0; at < 20; at++) {
    const { key, chain } = await pki.node('node-1');
    served.server.reload({ key, chain, trust: pki.trust });
    await version(old);
  }
  await stream;
  swapping = false;
  await Promise.all(callers);
  assert.equal(events, 200);
  assert.ok(calls > 5);
  old.close();
});

test('a mismatched or torn pair is refused and the last good one goes on', async () => {
  const [one, two] = [await pki.node('node-1'), await pki.node('node-1')];
  const bad = [
    { key: one.key, chain: two.chain, trust: pki.trust },
    { key: one.key, chain: one.chain.slice(0, 400), trust: pki.trust },
    { key: one.key.slice(0, 60), chain: one.chain, trust: pki.trust },
    { key: one.key, chain: one.chain, trust: '' },
  ];
  for (const material of bad) {
    assert.throws(() => served.server.reload(material), Failure);
    const channel = await served.open(admin);
    await version(channel);
    channel.close();
  }
});

test('a root that is taken out refuses its callers at once, also on open connections', async () => {
  const other = testPki();
  const mixed = await startServer(pki, 'node-m');
  const { key, chain } = await pki.node('node-m');
  mixed.server.reload({ key, chain, trust: pki.trust + other.trust });
  const guest = await mixed.open(await other.operator('guest', 'admin'));
  await version(guest);
  mixed.server.reload({ key, chain, trust: pki.trust });
  await assert.rejects(version(guest), { reason: 'WRONG_CA' });
  guest.close();
  await mixed.server.drain(100);
  other.remove();
});

test('a drain lets a unary call end, ends streams so that they can be resumed, and takes nothing new', async () => {
  const ending = await startServer(pki, 'node-e');
  let finish: () => void = () => undefined;
  ending.behaviour.version = () =>
    new Promise((resolve) => {
      finish = () => resolve({ node: 'finished' });
    });
  ending.behaviour.read = async function* (signal) {
    yield { start: { source: 'x' } };
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
  const channel = await ending.open(admin);
  const stream = channel.serverStream('nodectl.v1.LogsService/ReadLogs', {})[Symbol.asyncIterator]();
  await stream.next();
  const slow = version(channel);
  await until(() => ending.server.calls.size === 2, 'both calls are open');
  const drained = ending.server.drain();
  await assert.rejects(stream.next(), { reason: 'DRAINING' });
  await assert.rejects(channel.unary('nodectl.v1.AccessService/WhoAmI', {}), { reason: 'DRAINING' });
  await assert.rejects(ending.open(admin), { reason: 'CONNECTION_REFUSED' });
  finish();
  assert.equal((await slow).node, 'finished');
  assert.equal(await drained, true);
  channel.close();
});

test('a drain ends by force what does not end by itself', async () => {
  const stuck = await startServer(pki, 'node-f');
  stuck.behaviour.version = () => new Promise(() => undefined);
  const channel = await stuck.open(admin);
  const call = version(channel);
  await until(() => stuck.server.calls.size === 1, 'the call is open');
  const [drained] = await Promise.all([stuck.server.drain(50), assert.rejects(call, { reason: 'DRAINING' })]);
  assert.equal(drained, false);
  channel.close();
});
