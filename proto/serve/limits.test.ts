/** The bounds of a server: on calls, on requests, on time. */

import assert from 'node:assert/strict';
import { connect as tcp } from 'node:net';
import { after, before, test } from 'node:test';
import { type TestCredential, type TestPki, testPki } from '../../test/support/pki.ts';
import { startServer, type TestServer, until } from '../../test/support/serve.ts';
import type { Channel } from '../call/channel.ts';

let pki: TestPki;
let admin: TestCredential;
let reader: TestCredential;
const channels: Channel[] = [];

before(async () => {
  pki = testPki();
  admin = await pki.operator('alice', 'admin');
  reader = await pki.operator('bob', 'reader');
});

after(() => {
  for (const channel of channels) channel.close();
  pki.remove();
});

async function open(credential: TestCredential, to: TestServer): Promise<Channel> {
  const channel = await to.open(credential);
  channels.push(channel);
  return channel;
}

/** A stream that stays open. */
async function* waiting(signal: AbortSignal) {
  yield { start: { source: 'x' } };
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}

function reason(expected: string, message = /./) {
  return { reason: expected, message };
}

test('too many calls of one caller are refused with a reason while others are served', async () => {
  const small = await startServer(pki, 'node-s', { limits: { callsPerCaller: 3 } });
  small.behaviour.read = waiting;
  const channel = await open(reader, small);
  const streams = [1, 2, 3].map(() =>
    channel.serverStream('nodectl.v1.LogsService/ReadLogs', {})[Symbol.asyncIterator](),
  );
  for (const stream of streams) await stream.next();
  await assert.rejects(
    channel.unary('nodectl.v1.SystemService/GetVersion', {}),
    reason('TOO_MANY_STREAMS', /3 open calls/),
  );
  await (await open(admin, small)).unary('nodectl.v1.SystemService/GetVersion', {});
  for (const stream of streams) await stream.return?.();
  await until(() => small.server.calls.size === 0, 'the calls are counted out');
  await channel.unary('nodectl.v1.SystemService/GetVersion', {});
  await small.server.drain(100);
});

test('a request above the bound is refused with a reason', async () => {
  const served = await startServer(pki, 'node-l');
  const channel = await open(admin, served);
  const call = channel.unary('nodectl.v1.AccessService/Deny', { subject: 'x'.repeat(4 * 1024 * 1024) });
  await assert.rejects(call, reason('REQUEST_TOO_LARGE'));
  await served.server.drain(100);
});

test('a handler that does not end is ended by the server’s own time limit', async () => {
  const hasty = await startServer(pki, 'node-h', { limits: { unaryMs: 50 } });
  hasty.behaviour.version = () => new Promise(() => undefined);
  const channel = await open(reader, hasty);
  const call = channel.unary('nodectl.v1.SystemService/GetVersion', {}, { timeoutMs: 0 });
  await assert.rejects(call, reason('DEADLINE_EXCEEDED', /time limit/));
  assert.equal(hasty.server.calls.size, 0);
  await hasty.server.drain(100);
});

test('silent connections of strangers, from one address or many, keep no caller out', async (t) => {
  const small = await startServer(pki, 'node-f', { limits: { connections: 12, connectionsPerAddress: 4 } });
  const [host = '', port] = small.address.split(':');
  const strangers = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'].flatMap(
    (localAddress) =>
      [1, 2, 3, 4, 5].map(() => tcp({ host, port: Number(port), localAddress }).on('error', () => undefined)),
  );
  t.after(async () => {
    for (const socket of strangers) socket.destroy();
    await small.server.drain(100);
  });
  await until(() => strangers.filter((socket) => socket.destroyed).length >= 13, 'the excess is dropped');
  for (let count = 0; count < 4; count++)
    await (await open(admin, small)).unary('nodectl.v1.SystemService/GetVersion', {});
  assert.equal(small.server.connections, 4);
});

test('connections of callers that do nothing keep no caller out; those with a call are not pushed out', async (t) => {
  const small = await startServer(pki, 'node-g', { limits: { connections: 6, connectionsPerAddress: 4 } });
  t.after(() => small.server.drain(100));
  small.behaviour.read = waiting;
  const follow = (channel: Channel) =>
    channel.serverStream('nodectl.v1.LogsService/ReadLogs', {})[Symbol.asyncIterator]().next();
  for (let count = 0; count < 3; count++) await follow(await open(admin, small));
  for (let count = 0; count < 20; count++)
    await (await open(admin, small)).unary('nodectl.v1.SystemService/GetVersion', {});
  await until(() => small.server.connections === 4, 'those that were pushed out are gone');
  assert.equal(small.server.calls.size, 3);
  const last = await open(admin, small);
  await follow(last);
  await assert.rejects(open(admin, small), 'all that are there have a call');
  assert.equal(small.server.calls.size, 4);
  const made = small.log.lines.filter(
    ({ message }) => message === 'an idle connection makes room for another',
  );
  assert.ok(made.length > 0 && made.every(({ cause }) => cause === 'too many of this address'));
});
