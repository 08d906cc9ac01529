/**
 * Digests of whole slots, a piece at a time: the event loop is held for the digest of one piece (under a millisecond with the
 * processor's own SHA-256, three without), so that calls are answered meanwhile, and the next piece is read while it computes.
 */

import { createHash, hash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { ActiveImage } from './apply-ops.ts';
import { BLOCK } from './image-writer.ts';

const PIECE = 1 << 20;
/** What a block is known by: the first half of its SHA-256, as in proto/image/block-index.ts. */
const BLOCK_ID = 16;

/** Gives pieces of at most 1 MiB in order; each is valid until the next one is asked for. */
async function* pieces(
  from: ActiveImage,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<[piece: Buffer, offset: number]> {
  const buffers = [Buffer.allocUnsafe(PIECE), Buffer.allocUnsafe(PIECE)];
  const read = async (offset: number, which: number): Promise<Buffer> => {
    const piece = (buffers[which] ?? Buffer.alloc(0)).subarray(0, Math.max(0, Math.min(PIECE, size - offset)));
    if (piece.length > 0) await from.read(piece, offset);
    return piece;
  };
  let next = read(0, 0);
  for (let offset = 0, which = 1; offset < size; offset += PIECE, which ^= 1) {
    signal.throwIfAborted();
    const piece = await next;
    next = read(offset + PIECE, which);
    next.catch(() => undefined);
    yield [piece, offset];
    await turn();
  }
}

/** SHA-256 in hexadecimal of the first bytes of something. @throws Failure UPGRADE_DEVICE_ERROR */
export async function digestOf(
  from: ActiveImage,
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

/** Calls back with the id of every whole block, 16 bytes, in order. @throws Failure UPGRADE_DEVICE_ERROR */
export async function eachBlock(
  from: ActiveImage,
  signal: AbortSignal,
  block: (id: Buffer, number: number, bytes: Buffer) => void,
): Promise<void> {
  for await (const [piece, offset] of pieces(from, from.size, signal))
    for (let at = 0; at + BLOCK <= piece.length; at += BLOCK) {
      const bytes = piece.subarray(at, at + BLOCK);
      block(hash('sha256', bytes, 'buffer').subarray(0, BLOCK_ID), (offset + at) / BLOCK, bytes);
    }
}
