/**
 * Digests of whole slots, a piece at a time: the event loop is held for the digest of one piece (under a millisecond with the
 * processor's own SHA-256, three without), so that calls are answered meanwhile, and the next piece is read while it computes.
 */

import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { blockHash } from '../../proto/image/block-index.ts';
import { BLOCK_BYTES } from '../../proto/image/limits.ts';
import type { ByteSource } from './image-writer.ts';

const PIECE = 1 << 20;

/** Gives pieces of at most 1 MiB in order; each is valid until the next one is asked for. */
async function* pieces(
  from: ByteSource,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<[piece: Buffer, offset: number]> {
  const buffers = [Buffer.allocUnsafe(PIECE), Buffer.allocUnsafe(PIECE)];
  const read = async (offset: number, which: number): Promise<Buffer> => {
    const piece = (buffers[which] ?? Buffer.alloc(0)).subarray(
      0,
      Math.max(0, Math.min(PIECE, size - offset)),
    );
    if (piece.length > 0) await from.read(piece, offset);
    return piece;
  };
  let next = read(0, 0);
  try {
    for (let offset = 0, which = 1; offset < size; offset += PIECE, which ^= 1) {
      signal.throwIfAborted();
      const piece = await next;
      next = read(offset + PIECE, which);
      // It is awaited in the next round, which a failure of this one may keep from coming.
      next.catch(() => undefined);
      yield [piece, offset];
      await turn();
    }
  } finally {
    await next.catch(() => undefined);
  }
}

/** SHA-256 in hexadecimal of the first bytes of something. @throws Failure UPGRADE_DEVICE_ERROR */
export async function digestOf(
  from: ByteSource,
  size: number,
  signal: AbortSignal,
  progress: (done: number) => void = () => undefined,
): Promise<string> {
  const digest = createHash('sha256');
  for await (const [piece, offset] of pieces(from, size, signal)) {
    digest.update(piece);
    progress(offset + piece.length);
  }
  return digest.digest('hex');
}

/** Calls back with the hash of every whole block that is not all zeros, in order. @throws Failure UPGRADE_DEVICE_ERROR */
export async function eachBlock(
  from: ByteSource,
  size: number,
  signal: AbortSignal,
  block: (hash: Buffer, number: number) => void,
  progress: (done: number) => void = () => undefined,
): Promise<void> {
  for await (const [piece, offset] of pieces(from, size, signal)) {
    for (let at = 0; at + BLOCK_BYTES <= piece.length; at += BLOCK_BYTES) {
      const hash = blockHash(piece.subarray(at, at + BLOCK_BYTES));
      if (hash) block(hash, (offset + at) / BLOCK_BYTES);
    }
    progress(offset + piece.length);
  }
}
