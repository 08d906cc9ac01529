/**
 * Writes a part of an image to where it belongs, and reads of it what was written. What stands there as it should is not written
 * again: reading is cheaper than writing, and wears nothing. The first block of a root image is held back until everything else
 * is there, so that half an image is no file system to anybody.
 */

import { Failure } from '../../proto/failure.ts';
import { BLOCK_BYTES as BLOCK } from '../../proto/image/limits.ts';

/** Bytes that can be read from anywhere. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** Fills the buffer from an offset. @throws Failure UPGRADE_DEVICE_ERROR, also where there is less */
  read(into: Buffer, offset: number): Promise<void>;
}

/** Bytes of a device or file that is open to be written: a slot, a file. */
export interface ByteStore extends ByteSource {
  /** Writes all of a buffer at an offset. @throws Failure UPGRADE_DEVICE_ERROR */
  write(bytes: Buffer, offset: number): Promise<void>;
  /** Everything that was written before the call is on the disk. @throws Failure UPGRADE_DEVICE_ERROR */
  flush(): Promise<void>;
}

/** What is read or written at a time. */
const PIECE = 1 << 20;
/** Where fewer than one in eight of so many bytes stood there already, the next bytes are written without looking. */
const [SAMPLE, BLIND] = [16 << 20, 64 << 20];
const ZEROS = Buffer.alloc(PIECE);

/**
 * A part of an image that is being written. A write goes on while its caller makes ready what comes next: each call waits for the
 * writes before it, and throws where one of them failed, as does every call then. Calls are made one at a time, but for `flush`.
 */
export class ImageWriter implements ByteSource {
  readonly size: number;
  readonly #store: ByteStore;
  readonly #base: number;
  readonly #have = Buffer.allocUnsafe(PIECE);
  #head: Buffer | undefined;
  /** Never rejects. */
  #writing: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #looked = 0;
  #found = 0;
  #blind = 0;

  /**
   * @param size of the part, in bytes
   * @param base where in the store it begins
   * @param head the first block, held back until `finish`; undefined where nothing is held back
   */
  constructor(store: ByteStore, size: number, { base = 0, head }: { base?: number; head?: Buffer } = {}) {
    if (base + size > store.size)
      throw new Failure(
        'UPGRADE_SLOT_TOO_SMALL',
        `${base + size} bytes do not fit into the ${store.size} of the slot`,
      );
    this.#store = store;
    this.#base = base;
    this.size = size;
    this.#head = head;
  }

  /** The block that is held back, or undefined. */
  get head(): Buffer | undefined {
    return this.#head;
  }

  /**
   * Writes bytes at an offset of the part. They must not change before the next call has resolved, or `written` has.
   * @throws Failure UPGRADE_DEVICE_ERROR
   */
  async write(bytes: Buffer, offset: number): Promise<void> {
    this.#inside(offset, bytes.length);
    await this.written();
    const [rest, at] = this.#kept(bytes, offset);
    this.#writing = this.#putAll(rest, at).catch((error: unknown) => {
      this.#failure ??= { error };
    });
  }

  /** All that was to be written is with the system. @throws Failure UPGRADE_DEVICE_ERROR */
  async written(): Promise<void> {
    await this.#writing;
    if (this.#failure) throw this.#failure.error;
  }

  /** Writes zeros. What is zero already is only read, always: a fresh device and a sparse file stay as they are. */
  async zero(offset: number, length: number): Promise<void> {
    this.#inside(offset, length);
    await this.written();
    for (let done = 0; done < length; ) {
      const count = Math.min(PIECE, length - done);
      const [rest, at] = this.#kept(ZEROS.subarray(0, count), offset + done);
      if (rest.length > 0) await this.#putDiffering(rest, at);
      done += count;
    }
  }

  /** Reads what was written; the block that is held back is where it will be. @throws Failure UPGRADE_DEVICE_ERROR */
  async read(into: Buffer, offset: number): Promise<void> {
    this.#inside(offset, into.length);
    await this.written();
    await this.#store.read(into, this.#base + offset);
    if (this.#head && offset < BLOCK) this.#head.copy(into, 0, offset, Math.min(BLOCK, offset + into.length));
  }

  /** Everything that was written is on the disk. @throws Failure UPGRADE_DEVICE_ERROR */
  async flush(): Promise<void> {
    await this.written();
    await this.#store.flush();
  }

  /** Writes the block that was held back, when all else is on the disk. @throws Failure UPGRADE_DEVICE_ERROR */
  async finish(): Promise<void> {
    await this.flush();
    if (!this.#head) return;
    await this.#store.write(this.#head.subarray(0, Math.min(BLOCK, this.size)), this.#base);
    this.#head = undefined;
    await this.flush();
  }

  #inside(offset: number, length: number): void {
    if (offset < 0 || length < 0 || offset + length > this.size)
      throw new Failure(
        'IMAGE_OPS_INVALID',
        `an operation reaches to byte ${offset + length} of a part that has ${this.size}`,
      );
  }

  /** What of some bytes is to be written now: the block that is held back is kept in memory. */
  #kept(bytes: Buffer, offset: number): [rest: Buffer, at: number] {
    if (!this.#head || offset >= BLOCK) return [bytes, offset];
    const length = Math.min(bytes.length, BLOCK - offset);
    bytes.copy(this.#head, offset, 0, length);
    return [bytes.subarray(length), offset + length];
  }

  async #putAll(bytes: Buffer, offset: number): Promise<void> {
    for (let done = 0; done < bytes.length; done += PIECE)
      await this.#put(bytes.subarray(done, done + PIECE), offset + done);
  }

  async #put(bytes: Buffer, offset: number): Promise<void> {
    if (this.#blind > 0) {
      this.#blind -= bytes.length;
      return this.#store.write(bytes, this.#base + offset);
    }
    const written = await this.#putDiffering(bytes, offset);
    this.#looked += bytes.length;
    this.#found += bytes.length - written;
    if (this.#looked < SAMPLE) return;
    if (this.#found < this.#looked / 8) this.#blind = BLIND;
    this.#looked = 0;
    this.#found = 0;
  }

  /** Writes the blocks that differ, neighbours together, and gives how many bytes these were. */
  async #putDiffering(bytes: Buffer, offset: number): Promise<number> {
    const have = this.#have.subarray(0, bytes.length);
    await this.#store.read(have, this.#base + offset);
    if (bytes.equals(have)) return 0;
    let written = 0;
    for (let from = 0; from < bytes.length; ) {
      let to = from;
      while (to < bytes.length && !sameBlock(bytes, have, to)) to += BLOCK;
      if (to > from) {
        const run = bytes.subarray(from, to);
        await this.#store.write(run, this.#base + offset + from);
        written += run.length;
      }
      from = Math.max(to, from) + BLOCK;
    }
    return written;
  }
}

function sameBlock(a: Buffer, b: Buffer, at: number): boolean {
  const end = Math.min(a.length, at + BLOCK);
  return a.compare(b, at, end, at, end) === 0;
}
