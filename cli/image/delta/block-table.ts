/**
 * Finds the first block of an image that has a given hash: open addressing over the index's own bytes, four bytes a slot. For an
 * image of 4 GiB that is 8 MiB beside the index's 16.
 */

import { type BlockIndex, blockHash, hashNumbers } from '../../../proto/image/block-index.ts';
import { HASH_BYTES } from '../../../proto/image/limits.ts';

const WORDS = HASH_BYTES / 4;

/** An index that can be asked for a hash. */
export class BlockTable {
  readonly index: BlockIndex;
  /** For each block its number among those that are not all zeros, or -1. */
  readonly numbers: Int32Array;
  readonly #words: Uint32Array;
  /** A block and 1, or 0. */
  readonly #slots: Uint32Array;
  readonly #mask: number;

  constructor(index: BlockIndex) {
    this.index = index;
    this.numbers = hashNumbers(index);
    this.#words = wordsOf(index.hashes);
    const count = index.hashes.length / HASH_BYTES;
    this.#slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * count + 2)));
    this.#mask = this.#slots.length - 1;
    for (let block = 0; block < index.blocks; block += 1) this.#add(block);
  }

  /** Whether two blocks, of two indexes or one, have the same hash. Blocks of zeros and those beyond the end have none. */
  same(block: number, other: BlockTable, otherBlock: number): boolean {
    const number = this.numbers[block] ?? -1;
    const otherNumber = other.numbers[otherBlock] ?? -1;
    return number >= 0 && otherNumber >= 0 && equal(this.#words, number, other.#words, otherNumber);
  }

  /** Whether bytes are those of a block, by its hash. `bytes` has at most 4096, fewer for the last one of an image. */
  holds(block: number, bytes: Uint8Array): boolean {
    const found = blockHash(bytes);
    const number = this.numbers[block] ?? -1;
    if (!found || number < 0) return !found && number < 0;
    return found.equals(this.index.hashes.subarray(number * HASH_BYTES, (number + 1) * HASH_BYTES));
  }

  /** The first block here that has the hash of a block of another index, or -1. */
  find(other: BlockTable, otherBlock: number): number {
    const number = other.numbers[otherBlock] ?? -1;
    if (number < 0) return -1;
    const words = other.#words;
    for (let at = (words[number * WORDS] ?? 0) & this.#mask; ; at = (at + 1) & this.#mask) {
      const block = (this.#slots[at] ?? 0) - 1;
      if (block < 0) return -1;
      if (equal(this.#words, this.numbers[block] ?? 0, words, number)) return block;
    }
  }

  #add(block: number): void {
    const number = this.numbers[block] ?? -1;
    if (number < 0) return;
    let at = (this.#words[number * WORDS] ?? 0) & this.#mask;
    for (; this.#slots[at] !== 0; at = (at + 1) & this.#mask) {
      const there = this.numbers[(this.#slots[at] ?? 0) - 1] ?? 0;
      if (equal(this.#words, there, this.#words, number)) return;
    }
    this.#slots[at] = block + 1;
  }
}

function equal(words: Uint32Array, number: number, others: Uint32Array, other: number): boolean {
  for (let word = 0; word < WORDS; word += 1)
    if (words[number * WORDS + word] !== others[other * WORDS + word]) return false;
  return true;
}

/** The bytes as numbers of 32 bits, copied where they do not begin at a place for such. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}
