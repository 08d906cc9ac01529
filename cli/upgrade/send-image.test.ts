/** Sending an image over a real stream: where it goes on, what is on its way at once, the comparison of blocks, and how it ends. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Channel } from '../../proto/call/channel.ts';
import { Failure } from '../../proto/failure.ts';
import { BLOCK_BYTES } from '../../proto/image/limits.ts';
import { type Op, OpsDecoder } from '../../proto/image/ops.ts';
import { type TestPki, testPki } from '../../test/support/pki.ts';
import { type TestServer, until } from '../../test/support/serve.ts';
import { startTransferServer, type TransferHandler } from '../../test/support/transfer.ts';
import { NodeWait } from './node-wait.ts';
import { type Operations, type Place, sendImage } from './send-image.ts';

const BLOCKS = 200;
const ROOT_BYTES = BLOCKS * BLOCK_BYTES;
let pki: TestPki;
let served: TestServer;
let channel: Channel;
let transfer: TransferHandler;

before(async () => {
  pki = testPki();
  served = await startTransferServer(pki, () => transfer);
  channel = await served.open(await pki.operator('alice', 'operator'));
});
after(async () => {
  channel.close();
  await served.server.drain(100);
  pki.remove();
});

/** A root of blocks that are sent as they are, an operation each of 64 blocks at most. The frames are as long as what they hold. */
function operations(more: Partial<Operations> = {}): Operations & { asked: [Place, number | undefined][] } {
  const asked: [Place, number | undefined][] = [];
  return {
    asked,
    async *from(place, _held, needed) {
      asked.push([place, needed?.length]);
      for (let offset = place.offset; offset < ROOT_BYTES; ) {
        const length = Math.min(8 * BLOCK_BYTES, ROOT_BYTES - offset);
        yield {
          kind: 'data',
          role: 'root',
          offset,
          length,
          predicted: undefined,
          frame: Buffer.alloc(length),
        };
        offset += length;
      }
    },
    ...more,
  };
}

/** A node that takes operations, and tells after each message that it is durable. */
function node(start: Place): TransferHandler & { ops: Op[] } {
  const ops: Op[] = [];
  const handler: TransferHandler = async function* (requests) {
    const decoder = new OpsDecoder({ sizes: { root: ROOT_BYTES }, activeSize: 0, start });
    for await (const request of requests) {
      if (request.start) {
        assert.equal(request.start.upgradeId, 'u1');
        yield { resume: start };
      } else if (request.operations) {
        ops.push(...decoder.push(request.operations));
        yield { durable: decoder.position };
      } else if (request.end) {
        decoder.end();
        yield { done: { wireBytes: 1 } };
      }
    }
  };
  return Object.assign(handler, { ops });
}

const stop = () => new AbortController().signal;

test('everything arrives, from where the node wants it', async () => {
  const start: Place = { role: 'root', offset: 16 * BLOCK_BYTES };
  const taking = node(start);
  transfer = taking;
  const sending = operations();
  await sendImage(channel, 'u1', sending, stop());
  assert.deepEqual(sending.asked, [[start, undefined]]);
  assert.equal(taking.ops[0]?.offset, 16 * BLOCK_BYTES);
  assert.equal(
    taking.ops.reduce((sum, { length }) => sum + length, 0),
    ROOT_BYTES - 16 * BLOCK_BYTES,
  );
});

test('what is not durable yet stays under 4 MiB', async () => {
  const [size, length] = [24 * 2 ** 20, 64 * BLOCK_BYTES];
  const large: Operations = {
    async *from() {
      for (let offset = 0; offset < size; offset += length)
        yield {
          ...{ kind: 'data', role: 'root', offset, length, predicted: undefined },
          frame: Buffer.alloc(length),
        };
    },
  };
  let [open, most] = [0, 0];
  transfer = async function* (requests) {
    const decoder = new OpsDecoder({ sizes: { root: size }, activeSize: 0 });
    const arrived: number[] = [];
    for await (const request of requests) {
      if (request.start) yield { resume: { role: 'root', offset: 0 } };
      if (request.end) yield { done: { wireBytes: 0 } };
      if (!request.operations) continue;
      decoder.push(request.operations);
      arrived.push(request.operations.length);
      open += request.operations.length;
      most = Math.max(most, open);
      // So slow a disk that the sender has to wait each time.
      if (arrived.length < 4 && decoder.position.offset < size) continue;
      await new Promise((resolve) => setTimeout(resolve, 20));
      open = 0;
      arrived.length = 0;
      yield { durable: decoder.position };
    }
  };
  await sendImage(channel, 'u1', large, stop());
  assert.ok(most > 2 ** 20 && most <= 4 * 2 ** 20, `${most} bytes were on their way`);
});

test('a node that compares is sent the index, and its answer decides', async () => {
  const index = Buffer.alloc(300 * 1024, 7);
  let received = 0;
  transfer = async function* (requests) {
    for await (const request of requests) {
      if (request.start) {
        assert.equal(request.start.compare, true);
        yield { resume: { role: 'root', offset: 0 } };
      }
      if (request.index) {
        received += request.index.length;
        if (received === index.length) {
          yield { needed: Buffer.alloc(10, 1) };
          yield { needed: Buffer.alloc(15, 2) };
        }
      }
      if (request.end) yield { done: { wireBytes: 0 } };
    }
  };
  const sending = operations({ index: { bytes: index, blocks: BLOCKS } });
  await sendImage(channel, 'u1', sending, stop());
  assert.deepEqual(sending.asked, [[{ role: 'root', offset: 0 }, 25]]);
});

test('a node that names blocks which are not there, or a part, is not followed', async () => {
  transfer = async function* (requests) {
    for await (const request of requests) {
      if (request.start) yield { resume: { role: 'root', offset: 0 } };
      if (request.index) yield { needed: Buffer.alloc(1_000) };
    }
  };
  const sending = operations({ index: { bytes: Buffer.alloc(10), blocks: BLOCKS } });
  await assert.rejects(sendImage(channel, 'u1', sending, stop()), { reason: 'INTERNAL', message: /blocks/ });
  transfer = async function* () {
    yield { resume: { role: '../root', offset: 0 } };
  };
  await assert.rejects(sendImage(channel, 'u1', operations(), stop()), {
    reason: 'INTERNAL',
    message: /place/,
  });
  await until(() => served.server.calls.size === 0, 'the calls have ended');
});

test('the reasons of the node and of the source arrive, and an early end is none of success', async () => {
  transfer = async function* (requests) {
    for await (const request of requests) {
      if (request.start) yield { resume: { role: 'root', offset: 0 } };
      if (request.operations) throw new Failure('IMAGE_DIGEST_MISMATCH', 'not what was signed');
    }
  };
  await assert.rejects(sendImage(channel, 'u1', operations(), stop()), { reason: 'IMAGE_DIGEST_MISMATCH' });
  transfer = async function* (requests) {
    for await (const { start } of requests) if (start) yield { resume: { role: 'root', offset: 0 } };
  };
  const failing: Operations = {
    async *from() {
      yield { kind: 'zero', role: 'root', offset: 0, length: BLOCK_BYTES };
      throw new Failure('IMAGE_TRUNCATED', 'the file ends');
    },
  };
  await assert.rejects(sendImage(channel, 'u1', failing, stop()), { reason: 'IMAGE_TRUNCATED' });
  transfer = async function* () {
    yield { resume: { role: 'root', offset: 0 } };
  };
  await assert.rejects(sendImage(channel, 'u1', operations(), stop()), { reason: 'CONNECTION_LOST' });
});

/** Waits only at one step, and there only when something is durable where that is to come first: what else there is may take its time. */
class WaitAt extends NodeWait {
  readonly #step: RegExp;
  #durableFirst: boolean;
  #reached: string | undefined;
  constructor(step: RegExp, durableFirst = false) {
    super(30);
    this.#step = step;
    this.#durableFirst = durableFirst;
  }
  override for(what: string): void {
    if (this.#step.test(what)) this.#reached = what;
    this.#begin();
  }
  override durable(place: Place): void {
    super.durable(place);
    this.#durableFirst = false;
    this.#begin();
  }
  #begin(): void {
    if (this.#reached !== undefined && !this.#durableFirst) super.for(this.#reached);
  }
}

test('a node that answers and never has anything on its disk is given up, wherever it stops', async () => {
  const resumes: TransferHandler = async function* (requests) {
    for await (const request of requests) if (request.start) yield { resume: { role: 'root', offset: 0 } };
  };
  const silent: TransferHandler = async function* (requests) {
    for await (const _ of requests);
    yield {};
  };
  // The same place again and again is nothing new.
  const repeats: TransferHandler = async function* (_requests, { signal }) {
    yield { resume: { role: 'root', offset: 0 } };
    for (; !signal.aborted; await new Promise((resolve) => setTimeout(resolve, 2)))
      yield { durable: { role: 'root', offset: BLOCK_BYTES } };
  };
  const compares = { index: { bytes: Buffer.alloc(10), blocks: BLOCKS } };
  for (const [handler, wait, seen, more] of [
    [silent, new WaitAt(/where/), /did not say where to go on; it never/, {}],
    [resumes, new WaitAt(/whole/), /did not say that it has the whole image; it never/, {}],
    [repeats, new WaitAt(/whole/, true), /the last that it has on its disk is byte 4096 of the root/, {}],
    [resumes, new WaitAt(/lacks/), /did not say which blocks it lacks; it never/, compares],
  ] as const) {
    transfer = async function* (requests, call) {
      yield* handler(requests, call);
      await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
    };
    await assert.rejects(sendImage(channel, 'u1', operations(more), stop(), wait), {
      reason: 'UPGRADE_STALLED',
      message: seen,
    });
  }
  await until(() => served.server.calls.size === 0, 'the calls have ended');
});

test('while the image is read it is not the node that is waited for', async () => {
  transfer = node({ role: 'root', offset: 0 });
  let waiting = false;
  class Seen extends NodeWait {
    override for(what: string, moreMs?: number): void {
      super.for(what, moreMs);
      waiting = true;
    }
    override rest(): void {
      super.rest();
      waiting = false;
    }
  }
  const { from } = operations();
  const reads: boolean[] = [];
  const source: Operations = {
    async *from(...where) {
      for await (const op of from(...where)) {
        reads.push(waiting);
        yield op;
      }
    },
  };
  await sendImage(channel, 'u1', source, stop(), new Seen());
  assert.deepEqual([...new Set(reads)], [false]);
});

test('behind the end of a stream nothing is waited for, though its source was being read', async () => {
  transfer = async function* () {
    yield { resume: { role: 'root', offset: 0 } };
    await reading.promise;
    throw new Failure('CONNECTION_LOST', 'the node went down');
  };
  const [reading, read] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const over = Promise.withResolvers<void>();
  let isOver = false;
  /** Would keep the process for ten minutes; here it would be over at once. */
  class Late extends NodeWait {
    override for(what: string): void {
      if (!isOver) return;
      super.for(what);
      read.resolve();
    }
  }
  const { from } = operations();
  const source: Operations = {
    async *from(...where) {
      for await (const op of from(...where)) {
        yield op;
        reading.resolve();
        await over.promise;
      }
    },
  };
  const wait = new Late(1);
  await assert.rejects(sendImage(channel, 'u1', source, stop(), wait), { reason: 'CONNECTION_LOST' });
  isOver = true;
  over.resolve();
  await read.promise;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(wait.signal.aborted, false);
});
