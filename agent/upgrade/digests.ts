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

/** Gives pieces of at most 1 MiB in order, those that are wanted; each is valid until the next one is asked for. */
async function* pieces(
  from: ByteSource,
  size: number,
  signal: AbortSignal,
  isWanted: (offset: number, end: number) => boolean = () => true,
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
  const wantedFrom = (offset: number): number => {
    while (offset < size && !isWanted(offset, Math.min(size, offset + PIECE))) offset += PIECE;
    return offset;
  };
  let offset = wantedFrom(0);
  let next = read(offset, 0);
  try {
    for (let which = 1, after = 0; offset < size; offset = after, which ^= 1) {
      signal.throwIfAborted();
      const piece = await next;
      after = wantedFrom(offset + PIECE);
      next = read(after, which);
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

/** How blocks are gone through. */
interface EachBlockOptions {
  /** Told how many bytes are done. */
  readonly progress?: (done: number) => void;
  readonly isWanted?: (block: number) => boolean;
}

/**
 * Calls back with the hash of every whole block that is not all zeros, in order.
 * @param isWanted says which blocks; all by default, and what has none of them is not read
 * @throws Failure UPGRADE_DEVICE_ERROR
 */
export async function eachBlock(
  from: ByteSource,
  size: number,
  signal: AbortSignal,
  block: (hash: Buffer, number: number) => void,
  { progress, isWanted = () => true }: EachBlockOptions = {},
): Promise<void> {
  const isPieceWanted = (offset: number, end: number) => {
    for (let at = offset; at < end; at += BLOCK_BYTES) if (isWanted(at / BLOCK_BYTES)) return true;
    return false;
  };
  for await (const [piece, offset] of pieces(from, size, signal, isPieceWanted)) {
    for (let at = 0; at + BLOCK_BYTES <= piece.length; at += BLOCK_BYTES) {
      if (!isWanted((offset + at) / BLOCK_BYTES)) continue;
      const hash = blockHash(piece.subarray(at, at + BLOCK_BYTES));
      if (hash) block(hash, (offset + at) / BLOCK_BYTES);
    }
    progress?.(offset + piece.length);
  }
}
