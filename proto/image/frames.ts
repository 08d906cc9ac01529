/**
 * Frames: an image compressed in pieces of 1 MiB of which each can be read alone. Bytes: the zstd frames, a table with the length
 * of each (32 bits), the image's size (64 bits) and "NDFRAME1", all in little endian. The table stands at the end, where its
 * place follows from the image's size, so that a writer does not have to go back.
 */

import { Failure } from '../failure.ts';
import { FRAME_BYTES } from './limits.ts';
import { inflate } from './zstd.ts';

const MAGIC = Buffer.from('NDFRAME1');
const TAIL_BYTES = 16;

/** Where frames are in their blob. */
export interface FrameTable {
  /** The image's size in bytes. */
  readonly size: number;
  /** The offset of each frame in the blob, and the end of the last. */
  readonly offsets: Float64Array;
}

/** How many frames an image of so many bytes has. */
export function framesOf(size: number): number {
  return Math.ceil(size / FRAME_BYTES);
}

/** How many bytes of the image a frame holds. */
export function frameLength(size: number, frame: number): number {
  return Math.min(FRAME_BYTES, size - frame * FRAME_BYTES);
}

/** The table and what follows it, from the lengths of the frames. `size` is the image's. */
export function encodeFrameTable(size: number, lengths: readonly number[]): Buffer {
  const bytes = Buffer.alloc(tableBytes(size));
  lengths.forEach((length, at) => {
    bytes.writeUInt32LE(length, at * 4);
  });
  bytes.writeBigUInt64LE(BigInt(size), lengths.length * 4);
  MAGIC.copy(bytes, lengths.length * 4 + 8);
  return bytes;
}

/** How many bytes at the end of the blob are the table of an image of so many bytes. */
export function tableBytes(size: number): number {
  return framesOf(size) * 4 + TAIL_BYTES;
}

/**
 * The table from the last bytes of a blob of frames.
 * @param bytes exactly tableBytes(size) bytes
 * @param size the image's size as the manifest has it
 * @param blobSize the blob's size as the manifest has it
 * @throws Failure IMAGE_FRAMES_INVALID
 */
export function decodeFrameTable(bytes: Uint8Array, size: number, blobSize: number): FrameTable {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const frames = framesOf(size);
  if (bytes.length !== tableBytes(size)) throw invalid('have a table of another length');
  if (!view.subarray(frames * 4 + 8).equals(MAGIC)) throw invalid('do not end as they should');
  if (view.readBigUInt64LE(frames * 4) !== BigInt(size)) throw invalid('are of an image of another size');
  const offsets = new Float64Array(frames + 1);
  for (let frame = 0; frame < frames; frame += 1) {
    const length = view.readUInt32LE(frame * 4);
    if (length === 0) throw invalid('have an empty one');
    offsets[frame + 1] = (offsets[frame] ?? 0) + length;
  }
  if (offsets[frames] !== blobSize - bytes.length)
    throw invalid('have lengths that do not add up to their blob');
  return { size, offsets };
}

/** Where a frame is in the blob, in bytes. */
export function frameRange({ offsets }: FrameTable, frame: number): { offset: number; length: number } {
  const offset = offsets[frame] ?? 0;
  return { offset, length: (offsets[frame + 1] ?? offset) - offset };
}

/** The image's bytes that a frame holds. @throws Failure IMAGE_FRAMES_INVALID */
export function decodeFrame(table: FrameTable, frame: number, bytes: Uint8Array): Buffer {
  return inflate(bytes, frameLength(table.size, frame), 'IMAGE_FRAMES_INVALID');
}

function invalid(why: string): Failure {
  return new Failure('IMAGE_FRAMES_INVALID', `the compressed frames of the image ${why}`, {
    hint: 'get the image anew from whoever made it',
  });
}
