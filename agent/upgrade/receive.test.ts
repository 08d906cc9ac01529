/** Taking in over a slow disk: what the sender waits for is told without anything more being sent. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { zstdCompressSync } from 'node:zlib';
import { encodeOp } from '../../proto/image/ops.ts';
import { OperationApplier } from './apply-ops.ts';
import { type ByteStore, ImageWriter } from './image-writer.ts';
import { Receiver } from './receive.ts';

const PART = 64 << 10;
const PARTS = 64;

/** A store whose flushes end when they are let. */
function slowStore(size: number) {
  const bytes = Buffer.alloc(size);
  const flushes: (() => void)[] = [];
  const store: ByteStore = {
    size,
    read: async (into, offset) => void bytes.copy(into, 0, offset, offset + into.length),
    write: async (from, offset) => void from.copy(bytes, offset),
    flush: () => new Promise((resolve) => flushes.push(resolve)),
  };
  return { store, flushes };
}

/** Bytes that no compression makes fewer of. */
function noise(seed: number): Buffer {
  let state = seed + 1;
  const bytes = Buffer.alloc(PART);
  for (let at = 0; at < PART; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes.writeUInt32LE(state, at);
  }
  return bytes;
}

async function receiving(keepHead: () => void = () => undefined) {
  const size = PART * PARTS;
  const { store, flushes } = slowStore(size);
  const writer = new ImageWriter(store, size, { head: Buffer.alloc(4_096) });
  const places: number[] = [];
  const clock = { ms: 0 };
  const receiver = new Receiver({
    incoming: [{ role: 'root', writer }],
    applier: new OperationApplier(undefined, writer),
    activeSize: 0,
    from: { role: 'root', offset: 0 },
    counters: { wire: 0, written: 0, reused: 0, resent: 0 } as never,
    keepHead,
    keep: () => undefined,
    onDurable: ({ offset }) => places.push(offset),
    now: () => clock.ms,
    step: () => undefined,
  });
  const send = async (count: number) => {
    for (let left = count; left > 0; left -= 1) {
      const offset = receiver.position.offset;
      const bytes = noise(offset);
      const op = {
        kind: 'data',
        role: 'root',
        offset,
        length: PART,
        predicted: undefined,
        frame: zstdCompressSync(bytes),
      } as const;
      await receiver.take(encodeOp(op));
    }
  };
  /** Lets flushes end until none is begun any more. */
  const flushAll = async () => {
    for (let quiet = 0; quiet < 20; quiet += 1) {
      for (const end of flushes.splice(0)) {
        end();
        quiet = 0;
      }
      await turn();
    }
  };
  return { receiver, send, flushAll, places, clock };
}

test('what came while a flush for little went on is flushed behind it, though nothing more comes', async () => {
  const { receiver, send, flushAll, places, clock } = await receiving();
  clock.ms = 60_000;
  await send(1);
  // A sender that may have 3 MiB under way stops here until it hears of a place that leaves it room.
  await send(45);
  assert.deepEqual(places, []);
  await flushAll();
  assert.equal(places.at(-1), receiver.position.offset);
});

test('flushes never overlap, and settling leaves nothing behind', async () => {
  const { receiver, send, flushAll, places } = await receiving();
  await send(40);
  const settled = receiver.settle();
  await flushAll();
  await settled;
  assert.equal(places.at(-1), receiver.position.offset);
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
});

test('a write that fails behind the back of its caller is never told to be on the disk', async () => {
  let writes = 0;
  const store = {
    size: 64 * PART,
    read: async (into: Buffer) => void into.fill(0),
    write: async () => {
      if (++writes === 2) throw new Error('the disk is gone');
    },
    flush: async () => undefined,
  };
  const writer = new ImageWriter(store, store.size);
  for (const offset of [0, PART]) await writer.write(noise(offset), offset);
  for (const again of [1, 2]) await assert.rejects(writer.flush(), /the disk is gone/, `${again}`);
  await assert.rejects(writer.write(noise(0), 2 * PART), /the disk is gone/);
  assert.equal(writes, 2);
});

test('a block that cannot be kept, for want of room, ends the taking in at once', async () => {
  const { receiver, send } = await receiving(() => {
    throw new Error('ENOSPC');
  });
  await assert.rejects(send(60), /ENOSPC/);
  await assert.rejects(receiver.settle(), /ENOSPC/);
});
