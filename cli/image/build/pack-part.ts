/** Packs a part of an image in one pass over its bytes: digest, block index and frames. */

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { type BlockIndex, BlockIndexBuilder, encodeIndex } from '../../../proto/image/block-index.ts';
import { encodeFrameTable } from '../../../proto/image/frames.ts';
import { BLOCK_BYTES, FRAME_BYTES } from '../../../proto/image/limits.ts';
import type { BlobName, ImagePart, Role } from '../../../proto/image/manifest.ts';
import { zstdOptions } from '../../../proto/image/zstd.ts';
import type { RangeSource } from '../../../proto/registry/blobs.ts';
import { LAYER_TYPES } from '../artifact.ts';
import type { ImageArchive } from './archive.ts';

const compress = promisify(zstdCompress);

/** Frames that are compressed at a time, on zlib's own four threads: 16 MiB of memory. */
const AT_ONCE = 8;

/** A packed part. */
export interface PackedPart {
  readonly part: ImagePart;
  readonly index: BlockIndex;
}

/**
 * Adds a part's frames and index to an archive.
 * @param level of zstd for the frames
 * @param advanced told how many bytes of the part are done
 */
export async function packPart(
  archive: ImageArchive,
  role: Role,
  content: RangeSource,
  { level, advanced }: { level: number; advanced: (bytes: number) => void },
): Promise<PackedPart> {
  const { size } = content;
  const whole = createHash('sha256');
  const builder = new BlockIndexBuilder(size);
  const lengths: number[] = [];
  const frames = await archive.add(LAYER_TYPES.frames, async (append) => {
    const waiting: Promise<Buffer>[] = [];
    const write = async () => {
      const frame = await (waiting.shift() as Promise<Buffer>);
      lengths.push(frame.length);
      await append(frame);
      advanced(Math.min(size, lengths.length * FRAME_BYTES));
    };
    for (let offset = 0; offset < size; offset += FRAME_BYTES) {
      const bytes = await content.readRange(offset, Math.min(FRAME_BYTES, size - offset));
      whole.update(bytes);
      builder.push(bytes);
      const frame = compress(bytes, zstdOptions(level, bytes.length));
      // An error is thrown when its turn comes; until then nobody listens.
      frame.catch(() => undefined);
      waiting.push(frame);
      if (waiting.length >= AT_ONCE) await write();
    }
    while (waiting.length > 0) await write();
    await append(encodeFrameTable(size, lengths));
  });
  const index = builder.finish();
  const stored = await archive.addBytes(LAYER_TYPES.index, encodeIndex(index));
  const sha256 = whole.digest('hex');
  return {
    index,
    part: { role, size, sha256, blockSize: BLOCK_BYTES, index: named(stored), frames: named(frames) },
  };
}

function named({ digest, size }: BlobName): BlobName {
  return { digest, size };
}
