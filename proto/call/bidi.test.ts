/** Calls that stream both ways, over real TLS: pace, endings from either side, failures of what is sent, and the audit record. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type TestPki, testPki } from '../../test/support/pki.ts';
import { type TestServer, until } from '../../test/support/serve.ts';
import { startTransferServer, type TransferHandler } from '../../test/support/transfer.ts';
import { Failure } from '../failure.ts';
import type { Channel } from './channel.ts';

const TRANSFER = 'nodectl.v1.UpgradeService/TransferImage';
type Requests = Parameters<TransferHandler>[0];

let pki: TestPki;
let served: TestServer;
let channel: Channel;
let transfer: TransferHandler;

before(async () => {
  pki = testPki();
  served = await startTransferServer(pki, () => transfer);
  channel = await served.open(await pki.operator('alice', 'admin'));
});
after(async () => {
  channel.close();
  await served.server.drain(100);
  pki.remove();
});

const pieces = async function* (count: number, bytes: number, sent = { count: 0 }) {
  for (; sent.count < count; sent.count++) yield { operations: Buffer.alloc(bytes, sent.count) };
};

/** Counts what comes, and answers with the count so far every so many requests. */
const counting = (every: number): TransferHandler =>
  async function* (requests: Requests) {
    let count = 0;
    for await (const { operations } of requests) {
      assert.equal(operations?.[0], count % 256);
      if (++count % every === 0) yield { durable: { role: 'root', offset: count } };
    }
    yield { done: { wireBytes: count } };
  };

test('requests and answers pass each other, and both ends are seen', async () => {
  transfer = counting(10);
  const offsets: (number | undefined)[] = [];
  for await (const { durable, done } of channel.bidiStream(TRANSFER, pieces(35, 1_000)))
    offsets.push(durable?.offset ?? done?.wireBytes);
  assert.deepEqual(offsets, [10, 20, 30, 35]);
});

test('a node that does not read holds the sender back', async () => {
  let go: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  transfer = async function* (requests) {
    yield { durable: { role: 'root', offset: 0 } };
    await held;
    yield* counting(1_000)(requests, undefined as never);
  };
  const sent = { count: 0 };
  const stream = channel.bidiStream(TRANSFER, pieces(200, 512 * 1024, sent))[Symbol.asyncIterator]();
  await stream.next();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const before = sent.count;
  // 100 MiB wait to be sent; windows and buffers of both sides take some of it.
  assert.ok(before < 100, `${before} of 200 pieces were taken while nobody read`);
  go();
  assert.equal((await stream.next()).value?.done?.wireBytes, 200);
  assert.equal((await stream.next()).done, true);
});

test('what is thrown while sending ends the call on both sides', async () => {
  transfer = counting(1_000);
  const failing = async function* () {
    yield { operations: Buffer.alloc(1) };
    throw new Failure('BAD_ARGUMENT', 'the file ends too early');
  };
  const read = async () => {
    for await (const answer of channel.bidiStream(TRANSFER, failing())) assert.fail(JSON.stringify(answer));
  };
  await assert.rejects(read(), { reason: 'BAD_ARGUMENT', message: 'the file ends too early' });
  await until(() => served.server.calls.size === 0, 'the call has ended on the node');
});

test('a node that refuses ends the sending, and its reason arrives', async () => {
  transfer = async function* (requests) {
    for await (const _ of requests) throw new Failure('REQUEST_TOO_LARGE', 'enough');
    yield {};
  };
  let returned = false;
  const endless = async function* () {
    try {
      for (;;) yield { operations: Buffer.alloc(64 * 1024) };
    } finally {
      returned = true;
    }
  };
  const read = async () => {
    for await (const answer of channel.bidiStream(TRANSFER, endless())) assert.fail(JSON.stringify(answer));
  };
  await assert.rejects(read(), { reason: 'REQUEST_TOO_LARGE' });
  await until(() => returned, 'the requests are let go of');
});

test('a message above the bound has a reason of its own, and the connection stays', async () => {
  transfer = counting(1);
  const read = async (bytes: number) => {
    for await (const answer of channel.bidiStream(TRANSFER, pieces(1, bytes)))
      assert.equal(answer.part, 'durable');
  };
  for (const bytes of [5 * 2 ** 20, 17 * 2 ** 20])
    await assert.rejects(read(bytes), { reason: 'REQUEST_TOO_LARGE' });
  const manifest = Buffer.alloc(17 * 2 ** 20);
  await assert.rejects(channel.unary('nodectl.v1.UpgradeService/PlanUpgrade', { image: { manifest } }), {
    reason: 'REQUEST_TOO_LARGE',
  });
  for await (const _ of channel.bidiStream(TRANSFER, pieces(1, 1_000))) break;
});

test('leaving the loop cancels the call', async () => {
  let stopped = false;
  transfer = async function* (_requests, { signal }) {
    yield { durable: { role: 'root', offset: 0 } };
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    stopped = true;
  };
  const waiting = async function* () {
    yield { operations: Buffer.alloc(1) };
    await new Promise(() => undefined);
  };
  for await (const _ of channel.bidiStream(TRANSFER, waiting())) break;
  await until(() => stopped, 'the handler is told');
});

test('the audit record has the digest of the first request', async () => {
  transfer = counting(1_000);
  const once = async () => {
    for await (const _ of channel.bidiStream(TRANSFER, pieces(3, 10)));
    return served.audit.entries.at(-1);
  };
  const record = await once();
  assert.equal(record?.method, TRANSFER);
  assert.match(record?.requestSha256 ?? '', /^[0-9a-f]{64}$/);
  assert.equal((await once())?.requestSha256, record?.requestSha256);
});
