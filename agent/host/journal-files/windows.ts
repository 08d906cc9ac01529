/**
 * Pieces of a file in memory, read when they are needed. A journal's objects lie close to each other, but not in the order
 * in which they are asked for; so a few pieces are kept, and reading an object is mere arithmetic while its piece is there.
 */

import type { FileHandle } from 'node:fs/promises';

/** Distance between the beginnings of two pieces. */
const STEP = 256 * 1024;
/** Every piece reaches so far into the next one that an object of ordinary size lies in one piece as a whole. */
const OVERLAP = 72 * 1024;
/** Pieces kept: with the overlap 4 MB for each file that is being read. */
const KEPT = 12;
const NOTHING = Buffer.alloc(0);

/**
 * The memory of pieces that are not needed any more, for the next file of the same read. Left to the garbage collector it
 * would come to 64 MB before that looks for it.
 */
export class SpareMemory {
  readonly #spare: Buffer[] = [];

  /** A buffer for a piece, with whatever bytes are in it. */
  take(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(STEP + OVERLAP);
  }

  /** Takes the memory of a piece back; nobody may look into it any more. */
  give(piece: Buffer): void {
    // The last piece of a file is only a part of its memory.
    if (this.#spare.length < KEPT) this.#spare.push(Buffer.from(piece.buffer));
  }
}

/** A view on a file of which only some pieces are in memory. */
export class Windows {
  readonly #handle: FileHandle;
  readonly #memory: SpareMemory;
  readonly #pieces = new Map<number, Buffer>();
  #lastIndex = -1;
  #wantedOffset = 0;
  #wantedLength = 0;
  /** The piece that the last successful `locate` found. */
  buffer: Buffer = NOTHING;
  /** Where in `buffer` the located bytes begin. */
  at = 0;

  constructor(handle: FileHandle, memory: SpareMemory) {
    this.#handle = handle;
    this.#memory = memory;
  }

  /**
   * Finds `length` bytes (72 KiB at most) at an offset and sets `buffer` and `at`. False where they are not in memory:
   * `load` then has to be awaited first. Bytes behind the file's end are never found, so ask for existing ones only.
   */
  locate(offset: number, length: number): boolean {
    const index = Math.floor(offset / STEP);
    if (index !== this.#lastIndex) {
      const piece = this.#pieces.get(index);
      if (!piece) return this.#want(offset, length);
      this.#lastIndex = index;
      this.buffer = piece;
    }
    this.at = offset - index * STEP;
    return this.at + length <= this.buffer.length || this.#want(offset, length);
  }

  #want(offset: number, length: number): false {
    this.#wantedOffset = offset;
    this.#wantedLength = length;
    return false;
  }

  /** Reads the piece that the last `locate` missed. Throws a RangeError where the file ends before those bytes do. */
  async load(): Promise<void> {
    const index = Math.floor(this.#wantedOffset / STEP);
    const needed = this.#wantedOffset + this.#wantedLength - index * STEP;
    if (needed > STEP + OVERLAP) throw new RangeError('an object is too large for a piece');
    const stale = this.#pieces.get(index);
    if (stale) this.#memory.give(stale);
    this.#pieces.delete(index);
    this.#giveOldest();
    const piece = this.#memory.take();
    this.#lastIndex = -1;
    const { bytesRead } = await this.#handle.read(piece, 0, STEP + OVERLAP, index * STEP);
    if (bytesRead < needed) {
      this.#memory.give(piece);
      throw new RangeError('an object reaches beyond the end of the file');
    }
    this.#pieces.set(index, bytesRead === piece.length ? piece : piece.subarray(0, bytesRead));
  }

  /** Reads bytes of any length at once, past the pieces. Throws a RangeError where the file ends before. */
  async read(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await this.#handle.read(bytes, 0, length, offset);
    if (bytesRead < length) throw new RangeError('an object reaches beyond the end of the file');
    return bytes;
  }

  /** Takes out the piece that was loaded first, where there is no room for one more, so that its memory is used again. */
  #giveOldest(): void {
    const [first] = this.#pieces;
    if (this.#pieces.size < KEPT || !first) return;
    this.#pieces.delete(first[0]);
    this.#memory.give(first[1]);
  }

  /** Forgets everything in memory, because the file has grown, has changed or is closed. */
  forget(): void {
    for (const piece of this.#pieces.values()) this.#memory.give(piece);
    this.#pieces.clear();
    this.#lastIndex = -1;
    this.buffer = NOTHING;
  }
}
