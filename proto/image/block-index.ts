/**
 * A block index: a hash of each 4 KiB of an image that is not all zeros, so that two images can be compared without reading
 * either. Bytes: "NDINDEX1", the image's size as 64 bits in little endian, a bit a block (least significant first, set where the
 * block is not all zeros), and the hashes of those blocks in order. A short last block is hashed as if zeros followed.
 */

import { hash } from 'node:crypto';
import { Failure } from '../failure.ts';
import { BLOCK_BYTES, blocksOf, HASH_BYTES, indexBytes, MAX_ROOT_BYTES } from './limits.ts';

const MAGIC = Buffer.from('NDINDEX1');
const HEAD_BYTES = 16;
const ZEROS = Buffer.alloc(BLOCK_BYTES);

/** A block index in memory. */
export interface BlockIndex {
  /** The image's size in bytes. */
  readonly size: number;
  /** How many blocks it has, the last of which may be short. */
  readonly blocks: number;
  /** A bit a block, least significant first, set where the block is not all zeros. */
  readonly filled: Uint8Array;
  /** 16 bytes for each block that is not all zeros, in order. */
  readonly hashes: Uint8Array;
}

/** The hash of a block as an index has it, or undefined where all of it is zero. `block` has at most 4096 bytes. */
export function blockHash(block: Uint8Array): Buffer | undefined {
  const whole = block.length === BLOCK_BYTES ? block : Buffer.concat([block], BLOCK_BYTES);
  return ZEROS.equals(whole) ? undefined : hash('sha256', whole, 'buffer').subarray(0, HASH_BYTES);
}

/** Whether a bit of a bitmap as in an index (least significant first) is set. */
export function bitOf(bitmap: Uint8Array, at: number): boolean {
  return (((bitmap[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
}

/** Builds an index from an image that is read from its beginning to its end. */
export class BlockIndexBuilder {
  readonly #size: number;
  readonly #filled: Uint8Array;
  readonly #hashes: Buffer;
  #block = 0;
  #count = 0;

  /** @param size of the image in bytes */
  constructor(size: number) {
    this.#size = size;
    this.#filled = new Uint8Array(Math.ceil(blocksOf(size) / 8));
    this.#hashes = Buffer.allocUnsafe(blocksOf(size) * HASH_BYTES);
  }

  /** Takes the next bytes: whole blocks, but at the image's end. */
  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      const hash = blockHash(bytes.subarray(at, at + BLOCK_BYTES));
      if (hash) {
        this.#filled[this.#block >> 3] = (this.#filled[this.#block >> 3] ?? 0) | (1 << (this.#block & 7));
        hash.copy(this.#hashes, this.#count * HASH_BYTES);
        this.#count += 1;
      }
      this.#block += 1;
    }
  }

  /** The index of all that was pushed. */
  finish(): BlockIndex {
    return {
      size: this.#size,
      blocks: blocksOf(this.#size),
      filled: this.#filled,
      hashes: this.#hashes.subarray(0, this.#count * HASH_BYTES),
    };
  }
}

/** An index as bytes. */
export function encodeIndex({ size, filled, hashes }: BlockIndex): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head.writeBigUInt64LE(BigInt(size), 8);
  return Buffer.concat([head, filled, hashes]);
}

/**
 * An index from its bytes, of which it keeps views.
 * @param size the image's size as the manifest has it, in bytes
 * @throws Failure IMAGE_INDEX_INVALID
 */
export function decodeIndex(bytes: Uint8Array, size: number): BlockIndex {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (size > MAX_ROOT_BYTES || bytes.length < indexBytes(size, 0)) throw invalid('is too short');
  if (!view.subarray(0, 8).equals(MAGIC)) throw invalid('does not begin as one');
  if (view.readBigUInt64LE(8) !== BigInt(size)) throw invalid('is of an image of another size');
  const blocks = blocksOf(size);
  const filled = bytes.subarray(HEAD_BYTES, indexBytes(size, 0));
  const hashes = bytes.subarray(indexBytes(size, 0));
  const last = filled[filled.length - 1] ?? 0;
  if (blocks % 8 !== 0 && last >> (blocks % 8) !== 0) throw invalid('has blocks beyond the image’s end');
  if (bitsIn(filled) * HASH_BYTES !== hashes.length) throw invalid('does not have a hash for each block');
  return { size, blocks, filled, hashes };
}

/** For each block its number among those that are not all zeros, or -1. */
export function hashNumbers({ blocks, filled }: BlockIndex): Int32Array {
  const numbers = new Int32Array(blocks);
  let next = 0;
  for (let block = 0; block < blocks; block += 1) numbers[block] = bitOf(filled, block) ? next++ : -1;
  return numbers;
}

function bitsIn(bytes: Uint8Array): number {
  let bits = 0;
  for (let byte of bytes) for (; byte !== 0; byte &= byte - 1) bits += 1;
  return bits;
}

function invalid(why: string): Failure {
  return new Failure('IMAGE_INDEX_INVALID', `the block index of the image ${why}`, {
    hint: 'get the image anew from whoever made it',
  });
}
