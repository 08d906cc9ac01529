/** The bounds of a server: on calls, on requests, on time. */

import assert from 'node:assert/strict';
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

function reason(expected: string, message = /./) {
  return { reason: expected, message };
}

test('too many calls of one caller are refused with a reason while others are served', async () => {
  const small = await startServer(pki, 'node-s', { limits: { callsPerCaller: 3 } });
  small.behaviour.read = async function* (signal) {
    yield { start: { source: 'x' } };
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  };
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
