/** The blobs of an image: its block index and its frames. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { BlockIndexBuilder, bitOf, blockHash, decodeIndex, encodeIndex, hashNumbers } from './block-index.ts';
import {
  decodeFrame,
  decodeFrameTable,
  encodeFrameTable,
  frameLength,
  frameRange,
  framesOf,
  tableBytes,
} from './frames.ts';
import { BLOCK_BYTES, FRAME_BYTES, framesBytes, indexBytes } from './limits.ts';
import { zstdOptions } from './zstd.ts';

/** Blocks of which every third is all zeros, and a short one at the end. */
const image = Buffer.concat([
  ...Array.from({ length: 1_030 }, (_, at) =>
    at % 3 === 0 ? Buffer.alloc(BLOCK_BYTES) : randomBytes(BLOCK_BYTES),
  ),
  Buffer.from('the end'),
]);

function indexOf(bytes: Buffer) {
  const builder = new BlockIndexBuilder(bytes.length);
  for (let at = 0; at < bytes.length; at += 3 * BLOCK_BYTES)
    builder.push(bytes.subarray(at, at + 3 * BLOCK_BYTES));
  return builder.finish();
}

test('an index is read as it was written', () => {
  const index = indexOf(image);
  const bytes = encodeIndex(index);
  const read = decodeIndex(bytes, image.length);
  assert.deepEqual(
    { ...read, hashes: Buffer.from(read.hashes) },
    { ...index, filled: Buffer.from(index.filled) },
  );
  const numbers = hashNumbers(read);
  assert.equal(numbers.length, 1_031);
  assert.deepEqual([numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]], [-1, 0, 1, -1, 2]);
  assert.ok(!bitOf(read.filled, 0) && bitOf(read.filled, 1));
  assert.deepEqual(
    Buffer.from(read.hashes.subarray(16, 32)),
    blockHash(image.subarray(2 * BLOCK_BYTES, 3 * BLOCK_BYTES)),
  );
  // What stands at the end of a kernel is found again as a block of a file in the root, which zeros follow.
  assert.deepEqual(
    blockHash(Buffer.from('the end')),
    blockHash(Buffer.concat([Buffer.from('the end')], BLOCK_BYTES)),
  );
});

test('an index that is not whole, or of something else, is refused', () => {
  const bytes = encodeIndex(indexOf(image));
  const refused = { name: 'Failure', reason: 'IMAGE_INDEX_INVALID' };
  const changed = (at: number, value: number) => Object.assign(Buffer.from(bytes), { [at]: value });
  assert.throws(() => decodeIndex(bytes, image.length + 1), refused);
  assert.throws(() => decodeIndex(bytes, 2 ** 45), refused);
  for (let length = 0; length < bytes.length; length += 1)
    assert.throws(() => decodeIndex(bytes.subarray(0, length), image.length), refused);
  for (let at = 0; at < indexBytes(image.length, 0); at += 1)
    assert.throws(
      () => decodeIndex(changed(at, (bytes[at] ?? 0) ^ 0x80), image.length),
      refused,
      `byte ${at}`,
    );
  assert.throws(() => decodeIndex(Buffer.concat([bytes, Buffer.alloc(16)]), image.length), refused);
});

function framed(bytes: Buffer): { blob: Buffer; lengths: number[] } {
  const frames = Array.from({ length: framesOf(bytes.length) }, (_, at) => {
    const piece = bytes.subarray(at * FRAME_BYTES, (at + 1) * FRAME_BYTES);
    return zstdCompressSync(piece, zstdOptions(3, piece.length));
  });
  const lengths = frames.map(({ length }) => length);
  return { blob: Buffer.concat([...frames, encodeFrameTable(bytes.length, lengths)]), lengths };
}

test('each frame can be read alone', () => {
  const { blob } = framed(image);
  const [least, most] = framesBytes(image.length);
  assert.ok(blob.length >= least && blob.length <= most);
  const table = decodeFrameTable(blob.subarray(-tableBytes(image.length)), image.length, blob.length);
  for (let frame = framesOf(image.length) - 1; frame >= 0; frame -= 1) {
    const { offset, length } = frameRange(table, frame);
    const bytes = decodeFrame(table, frame, blob.subarray(offset, offset + length));
    assert.deepEqual(bytes, image.subarray(frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES));
    assert.equal(bytes.length, frameLength(image.length, frame));
  }
});

test('frames of zeros and frames that do not compress keep the bounds of the manifest', () => {
  for (const bytes of [Buffer.alloc(5 * FRAME_BYTES), randomBytes(3 * FRAME_BYTES + 1), Buffer.from('x')]) {
    const [least, most] = framesBytes(bytes.length);
    const { blob } = framed(bytes);
    assert.ok(blob.length >= least && blob.length <= most, `${least} <= ${blob.length} <= ${most}`);
  }
});

test('a table that does not fit, and frames that were changed, are refused', () => {
  const { blob } = framed(image);
  const refused = { name: 'Failure', reason: 'IMAGE_FRAMES_INVALID' };
  const table = blob.subarray(-tableBytes(image.length));
  for (let at = 0; at < table.length; at += 1) {
    const changed = Object.assign(Buffer.from(table), { [at]: (table[at] ?? 0) ^ 1 });
    assert.throws(() => decodeFrameTable(changed, image.length, blob.length), refused, `byte ${at}`);
  }
  assert.throws(() => decodeFrameTable(table.subarray(1), image.length, blob.length), refused);
  assert.throws(() => decodeFrameTable(table, image.length, blob.length + 1), refused);
  assert.throws(
    () => decodeFrameTable(encodeFrameTable(image.length, [0, blob.length, 0]), image.length, blob.length),
    refused,
  );
  const whole = decodeFrameTable(table, image.length, blob.length);
  const { length } = frameRange(whole, 0);
  assert.throws(() => decodeFrame(whole, 0, blob.subarray(0, length - 1)), refused);
  assert.throws(() => decodeFrame(whole, 4, blob.subarray(0, length)), refused);
  // A frame that would give a gigabyte gives a refusal.
  const bomb = zstdCompressSync(Buffer.alloc(64 << 20));
  assert.throws(() => decodeFrame(whole, 0, bomb), refused);
});
