/** The hashes of a slot's blocks, with a thread and without one: the same, in order; and a thread that dies costs nothing but time. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { BLOCK_BYTES } from '../../proto/image/limits.ts';
import { eachBlock, everyBlock } from './digests.ts';
import { HashThread, hashPiece } from './hash-thread.ts';

const MIB = 1 << 20;
const { signal } = new AbortController();

test('with a thread the hashes are the same, and come in the same order', async () => {
  // An odd number of pieces, zeros, the same block twice, and an end that is no whole block.
  for (const size of [0, BLOCK_BYTES, 2 * MIB, 5 * MIB + 3 * BLOCK_BYTES + 7]) {
    const bytes = randomBytes(size);
    bytes.subarray(MIB / 2, 3 * BLOCK_BYTES + MIB).fill(0);
    bytes.copyWithin(4 * BLOCK_BYTES, 0, BLOCK_BYTES);
    const from = {
      size,
      read: async (into: Buffer, offset: number) => {
        bytes.copy(into, 0, offset, offset + into.length);
      },
    };
    const [alone, together]: [string[], string[]] = [[], []];
    const into = (list: string[]) => (hash: Buffer, block: number) =>
      list.push(`${block} ${hash.toString('hex')}`);
    await eachBlock(from, size, signal, into(alone));
    const told: number[] = [];
    await everyBlock(from, size, signal, into(together), (done) => told.push(done));
    assert.deepEqual(together, alone);
    assert.deepEqual(
      [...told].sort((one, other) => one - other),
      told,
    );
    assert.equal(told.at(-1) ?? 0, size);
  }
});

test('a disk that fails in the middle is told, and no thread stays', async () => {
  const from = {
    size: 4 * MIB,
    read: async (_: Buffer, offset: number) => {
      if (offset >= 2 * MIB) throw new Error('EIO');
    },
  };
  await assert.rejects(
    everyBlock(
      from,
      from.size,
      signal,
      () => undefined,
      () => undefined,
    ),
    { message: 'EIO' },
  );
  assert.ok(!process.getActiveResourcesInfo().includes('MessagePort'));
});

test('where the thread has died the hashes are made without it', async (t) => {
  const thread = HashThread.start(MIB);
  if (!thread) return t.skip('there is one processor here');
  const piece = randomBytes(8 * BLOCK_BYTES);
  assert.deepEqual(await thread.hash(piece), hashPiece(piece));
  await thread.end();
  assert.deepEqual(await thread.hash(piece), hashPiece(piece));
});
