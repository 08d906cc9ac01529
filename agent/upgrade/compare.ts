/**
 * Holds an image's block index against what the node has: which blocks of the new root image stand in the running slot, or in the
 * target slot where they belong, and which the node lacks. A block is taken for another by 128 bits of its SHA-256; the whole
 * image's digest is held against the manifest before anything boots it.
 */

import type { ActiveImage, OperationApplier } from './apply-ops.ts';
import { eachBlock } from './digests.ts';
import { BLOCK, type ImageWriter } from './image-writer.ts';

/** The blocks of an image: which are zeros, and what the others are known by. */
export interface BlockIndex {
  /** How many blocks the image has. */
  readonly blocks: number;
  /** Whether a block is all zeros. */
  isZero(block: number): boolean;
  /** The ids of the blocks that are not, 16 bytes each, in order. */
  readonly ids: Buffer;
}

const [NEED, ZERO, IN_PLACE] = [0xffff_ffff, 0xffff_fffe, 0xffff_fffd];

/** Where each block of an image comes from. */
export class BlockSources {
  /** By block: the number of a block of the running slot, or one of the constants above. */
  readonly #of: Uint32Array;
  readonly #size: number;

  private constructor(of: Uint32Array, size: number) {
    this.#of = of;
    this.#size = size;
  }

  /**
   * Looks through the running slot and the target.
   * @param size of the root image in bytes
   * @throws Failure UPGRADE_DEVICE_ERROR
   */
  static async find(
    index: BlockIndex,
    size: number,
    active: ActiveImage | undefined,
    target: ActiveImage,
    signal: AbortSignal,
  ): Promise<BlockSources> {
    const of = new Uint32Array(index.blocks).fill(NEED);
    const places = new Places(index.ids);
    const blockOf = new Uint32Array(index.ids.length / 16);
    for (let block = 0, id = 0; block < index.blocks; block++)
      if (index.isZero(block)) of[block] = ZERO;
      else blockOf[id++] = block;
    if (active)
      await eachBlock(active, signal, (found, number) => {
        // All that are the same were found together.
        for (let id = places.find(found); id >= 0; id = places.same(id)) {
          const block = blockOf[id] ?? 0;
          if (of[block] !== NEED) break;
          of[block] = number;
        }
      });
    const idOf = new Map<number, number>();
    // The first block is held back until the end, so that it never is where it belongs.
    for (const [id, block] of blockOf.entries()) if (of[block] === NEED && block > 0) idOf.set(block, id);
    // What is not in the running slot may stand in the target, from a transfer whose journal was lost or an image before.
    if (idOf.size > 0)
      await eachBlock({ size: Math.min(target.size, size), read: target.read.bind(target) }, signal, (found, block) => {
        const id = idOf.get(block);
        if (id !== undefined && index.ids.compare(found, 0, 16, id * 16, id * 16 + 16) === 0) of[block] = IN_PLACE;
      });
    return new BlockSources(of, size);
  }

  /** A bit a block, least significant first: set where the node lacks it. */
  bitmap(): Buffer {
    const bits = Buffer.alloc(Math.ceil(this.#of.length / 8));
    for (const [block, from] of this.#of.entries())
      if (from === NEED) bits[block >> 3] = (bits[block >> 3] ?? 0) | (1 << (block & 7));
    return bits;
  }

  /**
   * Writes blocks that the node has, from one byte to another, both on the border of a block or the end. Gives the first block
   * that would have had to be sent, and wrote those before it; undefined where all are there.
   * @throws Failure UPGRADE_DEVICE_ERROR
   */
  async fill(
    applier: OperationApplier,
    active: ActiveImage | undefined,
    to: ImageWriter,
    from: number,
    end: number,
  ): Promise<number | undefined> {
    const last = Math.ceil(end / BLOCK);
    for (let block = Math.floor(from / BLOCK); block < last; ) {
      const source = this.#of[block] ?? NEED;
      if (source === NEED) return block;
      let count = 1;
      while (block + count < last && count < 256 && this.#of[block + count] === follower(source, count)) count++;
      const offset = block * BLOCK;
      const length = Math.min(count * BLOCK, this.#size - offset);
      if (source === ZERO) {
        await to.zero(offset, length);
        applier.reused += length;
      } else if (source === IN_PLACE) applier.reused += length;
      else if (active) await applier.copy(active, source * BLOCK, to, offset, length);
      block += count;
    }
    return undefined;
  }
}

function follower(source: number, count: number): number {
  return source >= IN_PLACE ? source : source + count;
}

/** Finds ids among many: open addressing over the ids' own bytes, 12 bytes a block beside them. */
class Places {
  readonly #ids: Buffer;
  readonly #slots: Uint32Array;
  /** By id: the next id with the same bytes, plus one. */
  readonly #same: Uint32Array;
  readonly #mask: number;

  constructor(ids: Buffer) {
    const count = ids.length / 16;
    const size = 1 << Math.ceil(Math.log2(Math.max(2, count * 2)));
    this.#ids = ids;
    this.#mask = size - 1;
    this.#slots = new Uint32Array(size);
    this.#same = new Uint32Array(count);
    for (let id = 0; id < count; id++) {
      let at = ids.readUInt32LE(id * 16) & this.#mask;
      for (let there = this.#slots[at] ?? 0; there !== 0; there = this.#slots[at] ?? 0) {
        if (ids.compare(ids, id * 16, id * 16 + 16, (there - 1) * 16, there * 16) === 0) {
          this.#same[id] = there;
          break;
        }
        at = (at + 1) & this.#mask;
      }
      this.#slots[at] = id + 1;
    }
  }

  /** One id with these bytes, or -1. */
  find(bytes: Buffer): number {
    let at = bytes.readUInt32LE(0) & this.#mask;
    for (let there = this.#slots[at] ?? 0; there !== 0; there = this.#slots[at] ?? 0) {
      if (this.#ids.compare(bytes, 0, 16, (there - 1) * 16, there * 16) === 0) return there - 1;
      at = (at + 1) & this.#mask;
    }
    return -1;
  }

  /** The next id with the same bytes, or -1. */
  same(id: number): number {
    return (this.#same[id] ?? 0) - 1;
  }
}
