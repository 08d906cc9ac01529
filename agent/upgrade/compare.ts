/**
 * Holds an image's block index against what the node has: which blocks of the new root image stand in the running slot, or in the
 * target slot where they belong, and which the node lacks. A block is taken for another by 128 bits of its SHA-256; the whole
 * image's digest is held against the manifest before anything boots it.
 */

import { setImmediate as turn } from 'node:timers/promises';
import { type BlockIndex, hashNumbers } from '../../proto/image/block-index.ts';
import { BLOCK_BYTES, HASH_BYTES } from '../../proto/image/limits.ts';
import type { OperationApplier } from './apply-ops.ts';
import { eachBlock } from './digests.ts';
import type { ByteSource, ImageWriter } from './image-writer.ts';

const [NEED, ZERO, IN_PLACE] = [0xffff_ffff, 0xffff_fffe, 0xffff_fffd];
/** Hashes that are put into the table in one go: some milliseconds. */
const SLICE = 8_192;
/** Neighbours that are written together. */
const MOST_TOGETHER = 256;

/** Where each block of an image comes from. */
export class BlockSources {
  /** By block: the number of a block of the running slot, or one of the constants above. */
  readonly #of: Uint32Array;
  readonly #active: ByteSource | undefined;

  private constructor(of: Uint32Array, active: ByteSource | undefined) {
    this.#of = of;
    this.#active = active;
  }

  /**
   * Looks through the running slot and, where that lacks something, through the target.
   * @param active the running slot, or undefined where it cannot be read
   * @param progress told how many bytes were looked through
   * @throws Failure UPGRADE_DEVICE_ERROR
   */
  static async find(
    index: BlockIndex,
    active: ByteSource | undefined,
    target: ByteSource,
    signal: AbortSignal,
    progress: (done: number) => void = () => undefined,
  ): Promise<BlockSources> {
    const numbers = hashNumbers(index);
    const of = new Uint32Array(index.blocks);
    const blockOf = new Uint32Array(index.hashes.length / HASH_BYTES);
    for (let block = 0; block < numbers.length; block++) {
      const number = numbers[block] ?? -1;
      of[block] = number < 0 ? ZERO : NEED;
      if (number >= 0) blockOf[number] = block;
    }
    const hashes = Buffer.from(index.hashes.buffer, index.hashes.byteOffset, index.hashes.length);
    if (active) {
      const table = await HashTable.of(hashes, signal);
      const found = (hash: Buffer, from: number) => {
        // All that are the same were found together.
        for (let number = table.find(hash); number >= 0; number = table.same(number)) {
          const block = blockOf[number] ?? 0;
          if (of[block] !== NEED) break;
          of[block] = from;
        }
      };
      await eachBlock(active, active.size, signal, found, { progress });
    }
    // What is not in the running slot may stand in the target, from a transfer whose journal was lost or the image before. The
    // first block never does: it is held back until the end.
    if (of.includes(NEED, 1))
      await eachBlock(
        target,
        Math.min(target.size, index.size),
        signal,
        (hash, block) => {
          const at = (numbers[block] ?? 0) * HASH_BYTES;
          if (hashes.compare(hash, 0, HASH_BYTES, at, at + HASH_BYTES) === 0) of[block] = IN_PLACE;
        },
        {
          progress: (done) => progress((active?.size ?? 0) + done),
          isWanted: (block) => block > 0 && of[block] === NEED,
        },
      );
    return new BlockSources(of, active);
  }

  /** A bit a block, least significant first: set where the node lacks it. */
  bitmap(): Buffer {
    const bits = Buffer.alloc(Math.ceil(this.#of.length / 8));
    for (let block = 0; block < this.#of.length; block++)
      if (this.#of[block] === NEED) bits[block >> 3] = (bits[block >> 3] ?? 0) | (1 << (block & 7));
    return bits;
  }

  /**
   * Writes blocks that the node has, from one byte to another, both on the border of a block or the end of the image, as far as to
   * the first that it lacks. Gives where that is; the end where there is none.
   * @throws Failure UPGRADE_DEVICE_ERROR
   */
  async fill(applier: OperationApplier, to: ImageWriter, from: number, end: number): Promise<number> {
    const last = Math.ceil(end / BLOCK_BYTES);
    for (let block = from / BLOCK_BYTES; block < last; ) {
      const source = this.#of[block] ?? NEED;
      if (source === NEED) return block * BLOCK_BYTES;
      let count = 1;
      while (
        block + count < last &&
        count < MOST_TOGETHER &&
        this.#of[block + count] === after(source, count)
      )
        count++;
      const offset = block * BLOCK_BYTES;
      const length = Math.min(count * BLOCK_BYTES, end - offset);
      if (source === ZERO) await to.zero(offset, length);
      if (source >= IN_PLACE) applier.reused += length;
      else if (this.#active) await applier.copy(this.#active, source * BLOCK_BYTES, to, offset, length);
      block += count;
    }
    return end;
  }
}

/** What stands for the block so many behind one that comes from `source`. */
function after(source: number, count: number): number {
  return source >= IN_PLACE ? source : source + count;
}

/** Finds hashes among many: open addressing over their own bytes, and at most 12 bytes a hash beside them. */
class HashTable {
  readonly #hashes: Buffer;
  /** By place: the number of a hash, plus one. */
  readonly #places: Uint32Array;
  /** By number: the next one with the same hash, plus one. */
  readonly #same: Uint32Array;
  readonly #mask: number;

  private constructor(hashes: Buffer) {
    const count = hashes.length / HASH_BYTES;
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, count * 1.5)));
    this.#hashes = hashes;
    this.#mask = size - 1;
    this.#places = new Uint32Array(size);
    this.#same = new Uint32Array(count);
  }

  /** The table of some hashes, made in slices: there are a million in an image of 4 GiB, and calls are answered meanwhile. */
  static async of(hashes: Buffer, signal: AbortSignal): Promise<HashTable> {
    const table = new HashTable(hashes);
    for (let number = 0; number < table.#same.length; number++) {
      const at = table.#place(hashes.subarray(number * HASH_BYTES, (number + 1) * HASH_BYTES));
      table.#same[number] = table.#places[at] ?? 0;
      table.#places[at] = number + 1;
      if (number % SLICE !== SLICE - 1) continue;
      await turn();
      signal.throwIfAborted();
    }
    return table;
  }

  /** The number of a hash, or -1. */
  find(hash: Buffer): number {
    return (this.#places[this.#place(hash)] ?? 0) - 1;
  }

  /** The next number with the same hash, or -1. */
  same(number: number): number {
    return (this.#same[number] ?? 0) - 1;
  }

  /** Where a hash is, or would be. */
  #place(hash: Buffer): number {
    let at = hash.readUInt32LE(0) & this.#mask;
    for (let there = this.#places[at] ?? 0; there !== 0; there = this.#places[at] ?? 0) {
      if (this.#hashes.compare(hash, 0, HASH_BYTES, (there - 1) * HASH_BYTES, there * HASH_BYTES) === 0)
        break;
      at = (at + 1) & this.#mask;
    }
    return at;
  }
}
