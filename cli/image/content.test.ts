/** A part is read from many places at a time, though few of its frames are kept: their memory is not given back while it is read. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { BlockIndexBuilder } from '../../proto/image/block-index.ts';
import { encodeFrameTable } from '../../proto/image/frames.ts';
import { FRAME_BYTES } from '../../proto/image/limits.ts';
import { samplePart } from '../../proto/image/testing-manifest.ts';
import { zstdOptions } from '../../proto/image/zstd.ts';
import { FramesContent } from './content.ts';
import { BlockTable } from './delta/block-table.ts';
import type { ImageSource } from './source.ts';
import { memoryContent } from './testing-images.ts';

/** More than are kept, the last one short. */
const FRAMES = 40;
const SIZE = (FRAMES - 1) * FRAME_BYTES + 5_000;

/** Of each frame every byte is the frame's number, so that bytes of another one and those of none are told. */
function bytesOf(offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const frame = Math.floor((offset + at) / FRAME_BYTES);
    const end = Math.min(length, (frame + 1) * FRAME_BYTES - offset);
    bytes.fill(frame + 1, at, end);
    at = end;
  }
  return bytes;
}

function image(): ImageSource {
  const frames = Array.from({ length: FRAMES }, (_, frame) => {
    const bytes = bytesOf(frame * FRAME_BYTES, Math.min(FRAME_BYTES, SIZE - frame * FRAME_BYTES));
    return zstdCompressSync(bytes, zstdOptions(1, bytes.length));
  });
  const table = encodeFrameTable(
    SIZE,
    frames.map(({ length }) => length),
  );
  const blob = memoryContent(Buffer.concat([...frames, table]));
  return {
    name: 'a',
    manifestBytes: Buffer.alloc(0),
    envelopeBytes: Buffer.alloc(0),
    blob: async () => blob,
  } as unknown as ImageSource;
}

test('bytes that are read at one time from more frames than are kept are right', async () => {
  const index = new BlockIndexBuilder(SIZE);
  for (let at = 0; at < SIZE; at += FRAME_BYTES) index.push(bytesOf(at, Math.min(FRAME_BYTES, SIZE - at)));
  const table = new BlockTable(index.finish());
  // Readers wait for the index when they have a frame, which others then take the place of.
  const content = await FramesContent.open(image(), samplePart('root', SIZE), async () => table);
  for (let round = 0; round < 3; round += 1) {
    const reads = Array.from({ length: FRAMES }, async (_, frame) => {
      // Over the border of two frames, the last one but beside its end.
      const offset = Math.min(((frame * 7) % FRAMES) * FRAME_BYTES + FRAME_BYTES - 3_000, SIZE - 6_000);
      assert.ok((await content.readRange(offset, 6_000)).equals(bytesOf(offset, 6_000)), `at ${offset}`);
    });
    await Promise.all(reads);
  }
});
