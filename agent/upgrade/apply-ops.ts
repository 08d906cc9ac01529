/**
 * Carries out the operations that an image travels as. Each is addressed by part and offset and depends on nothing but the
 * running slot and what was written before, so that a transfer that broke goes on anywhere.
 */

import { promisify } from 'node:util';
import { type ZstdOptions, zstdDecompress } from 'node:zlib';
import { Failure } from '../../proto/failure.ts';
import type { ImageWriter } from './image-writer.ts';
import type { Role } from './state.ts';

/** An operation: see proto/image/ops.ts for how it travels. Offsets and lengths are bytes. */
export type Operation =
  | { readonly kind: 'zero'; readonly role: Role; readonly offset: number; readonly length: number }
  /** From the running slot ("copy"), or from the new root image ("self"). */
  | {
      readonly kind: 'copy' | 'self';
      readonly role: Role;
      readonly offset: number;
      readonly length: number;
      readonly source: number;
    }
  /** A zstd frame. `predicted` is the offset in the running slot of what it resembles. */
  | {
      readonly kind: 'data';
      readonly role: Role;
      readonly offset: number;
      readonly length: number;
      readonly predicted: number | undefined;
      readonly bytes: Uint8Array;
    };

/** The root image of the running slot, where it is known to be what an image was made against. */
export interface ActiveImage {
  readonly size: number;
  /** @throws Failure UPGRADE_DEVICE_ERROR */
  read(into: Buffer, offset: number): Promise<void>;
}

/** Image bytes of one data operation at most: what is decompressed is held in memory. */
const MOST_DATA = 256 << 10;
/** The window of the running slot that a data operation's dictionary is: so many bytes before what it resembles, and behind. */
const [WINDOW_BEFORE, WINDOW_BEHIND] = [32 << 10, 64 << 10];
const PIECE = 1 << 20;

const decompress = promisify(
  (bytes: Uint8Array, options: ZstdOptions, done: (error: Error | null, raw: Buffer) => void) =>
    zstdDecompress(bytes, options, done),
);

/** Carries out operations, one at a time. */
export class OperationApplier {
  readonly #active: ActiveImage | undefined;
  readonly #root: ImageWriter;
  readonly #piece = Buffer.allocUnsafe(PIECE);
  /** Bytes that did not come over the wire. */
  reused = 0;

  /** @param active undefined where the running slot is no base: operations that need it are refused */
  constructor(active: ActiveImage | undefined, root: ImageWriter) {
    this.#active = active;
    this.#root = root;
  }

  /**
   * Carries an operation out on its part. Everything before its offset has to be there.
   * @throws Failure IMAGE_BAD_OPERATIONS, UPGRADE_DEVICE_ERROR
   */
  async apply(operation: Operation, to: ImageWriter): Promise<void> {
    const { kind, offset, length } = operation;
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || length <= 0 || offset < 0)
      throw bad('has an offset or a length that is none');
    if (kind === 'zero') {
      await to.zero(offset, length);
      this.reused += length;
    } else if (kind === 'data') await this.#data(operation, to);
    else {
      const { source } = operation;
      const from = kind === 'copy' ? this.#activeOrRefuse() : this.#root;
      // The new root is there as far as this operation's own beginning; a part behind the root has all of it.
      const there = kind === 'self' && to === this.#root ? offset : from.size;
      if (!Number.isSafeInteger(source) || source < 0 || source + length > there)
        throw bad('takes bytes from where there are none');
      await this.copy(from, source, to, offset, length);
    }
  }

  /** Copies bytes. @throws Failure UPGRADE_DEVICE_ERROR */
  async copy(
    from: ActiveImage,
    source: number,
    to: ImageWriter,
    offset: number,
    length: number,
  ): Promise<void> {
    for (let done = 0; done < length; ) {
      const piece = this.#piece.subarray(0, Math.min(PIECE, length - done));
      await from.read(piece, source + done);
      await to.write(piece, offset + done);
      done += piece.length;
    }
    this.reused += length;
  }

  async #data(operation: Extract<Operation, { kind: 'data' }>, to: ImageWriter): Promise<void> {
    const { offset, length, predicted, bytes } = operation;
    if (length > MOST_DATA) throw bad(`has more than ${MOST_DATA} bytes of data`);
    const options: ZstdOptions = { maxOutputLength: length };
    if (predicted !== undefined) options.dictionary = await this.#window(predicted, length);
    let raw: Buffer;
    try {
      raw = await decompress(bytes, options);
    } catch (cause) {
      throw new Failure('IMAGE_BAD_OPERATIONS', 'an operation’s data cannot be decompressed', { cause });
    }
    if (raw.length !== length) throw bad(`has ${raw.length} bytes of data where it says ${length}`);
    await to.write(raw, offset);
  }

  async #window(predicted: number, length: number): Promise<Buffer> {
    const active = this.#activeOrRefuse();
    if (!Number.isSafeInteger(predicted) || predicted < 0 || predicted >= active.size)
      throw bad('resembles bytes that the running slot has not');
    const from = Math.max(0, predicted - WINDOW_BEFORE);
    const window = Buffer.allocUnsafe(Math.min(active.size, predicted + length + WINDOW_BEHIND) - from);
    await active.read(window, from);
    return window;
  }

  #activeOrRefuse(): ActiveImage {
    if (this.#active) return this.#active;
    throw new Failure('IMAGE_NO_BASE', 'the node does not know what its running slot was made from', {
      hint: 'send the image by comparing blocks, or whole',
    });
  }
}

function bad(what: string): Failure {
  return new Failure('IMAGE_BAD_OPERATIONS', `an operation of the image ${what}`, {
    hint: 'the transfer can be begun again: nodectl upgrade',
  });
}
