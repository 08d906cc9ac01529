import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { BlockIndexBuilder } from '../../proto/image/block-index.ts';
import { BLOCK_BYTES } from '../../proto/image/limits.ts';
import { BlockSources } from './compare.ts';
import type { ByteSource } from './image-writer.ts';

const MIB = 1 << 20;

/** Bytes to read from, and which MiB of them were read. */
function watched(bytes: Buffer): ByteSource & { readonly seen: Set<number> } {
  const seen = new Set<number>();
  return {
    size: bytes.length,
    seen,
    read: async (into, offset) => {
      seen.add(Math.floor(offset / MIB));
      bytes.copy(into, 0, offset, offset + into.length);
    },
  };
}

test('of the slot that is written only that is looked through which the running one lacks', async () => {
  const image = randomBytes(6 * MIB);
  const active = Buffer.from(image);
  // Two blocks are new: one stands in the target already, one does not.
  active.fill(1, 2 * MIB, 2 * MIB + BLOCK_BYTES);
  active.fill(1, 4 * MIB, 4 * MIB + BLOCK_BYTES);
  const target = Buffer.from(image);
  target.fill(2, 4 * MIB, 4 * MIB + BLOCK_BYTES);
  const builder = new BlockIndexBuilder(image.length);
  builder.push(image);
  const store = watched(target);
  const sources = await BlockSources.find(
    builder.finish(),
    watched(active),
    store,
    new AbortController().signal,
  );
  assert.deepEqual([...store.seen], [2, 4]);
  const wanted = Buffer.alloc(image.length / BLOCK_BYTES / 8);
  wanted[(4 * MIB) / BLOCK_BYTES / 8] = 1;
  assert.deepEqual(sources.bitmap(), wanted);
});
