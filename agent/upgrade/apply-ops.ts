/**
 * Carries out the operations that an image travels as. Each is addressed by part and offset and depends on nothing but the
 * running slot and what was written before, so that a transfer that broke goes on anywhere. Their decoder (proto/image/ops.ts) has
 * seen to it that they keep to the image and its order.
 */

import { Failure } from '../../proto/failure.ts';
import { dataOf, dictionaryWindow, type Op } from '../../proto/image/ops.ts';
import type { ByteSource, ImageWriter } from './image-writer.ts';

const PIECE = 1 << 20;
/** Node's Buffer.poolSize and more. */
const POOLED_BELOW = 64 << 10;

/** Carries out operations, one at a time. */
export class OperationApplier {
  readonly #active: ByteSource | undefined;
  readonly #root: ImageWriter;
  /** Of two pieces of memory one may be being written: what is read goes into the other. */
  #free = Buffer.allocUnsafe(PIECE);
  #written = Buffer.allocUnsafe(PIECE);
  /** What was unpacked last. */
  #unpacked: Buffer | undefined;
  /** Bytes that did not come over the wire. */
  reused = 0;

  /** @param active the running root image; undefined where it is no base: operations that need it are refused */
  constructor(active: ByteSource | undefined, root: ImageWriter) {
    this.#active = active;
    this.#root = root;
  }

  /**
   * Carries an operation out on its part. Everything before its offset has to be there.
   * @throws Failure IMAGE_OPS_INVALID, IMAGE_NO_BASE, UPGRADE_DEVICE_ERROR
   */
  async apply(op: Op, to: ImageWriter): Promise<void> {
    const { kind, offset, length } = op;
    if (kind === 'data') {
      const dictionary =
        op.predicted === undefined ? undefined : await this.#dictionary(op.predicted, length);
      const bytes = dataOf(op, dictionary);
      await to.write(bytes, offset);
      // Those before are written by now.
      giveBack(this.#unpacked);
      this.#unpacked = bytes;
    } else if (kind === 'zero') {
      await to.zero(offset, length);
      this.reused += length;
    } else
      await this.copy(kind === 'copy' ? this.#activeOrRefuse() : this.#root, op.source, to, offset, length);
  }

  /** Copies bytes. @throws Failure UPGRADE_DEVICE_ERROR */
  async copy(
    from: ByteSource,
    source: number,
    to: ImageWriter,
    offset: number,
    length: number,
  ): Promise<void> {
    for (let done = 0; done < length; ) {
      const piece = this.#free.subarray(0, Math.min(PIECE, length - done));
      await from.read(piece, source + done);
      await to.write(piece, offset + done);
      [this.#free, this.#written] = [this.#written, this.#free];
      done += piece.length;
    }
    this.reused += length;
  }

  async #dictionary(predicted: number, length: number): Promise<Buffer> {
    const active = this.#activeOrRefuse();
    const window = dictionaryWindow(predicted, length, active.size);
    const bytes = this.#free.subarray(0, window.length);
    await active.read(bytes, window.offset);
    return bytes;
  }

  #activeOrRefuse(): ByteSource {
    if (this.#active) return this.#active;
    throw new Failure('IMAGE_NO_BASE', 'the node does not know what its running slot was made from', {
      hint: 'send the image by comparing blocks, or whole',
    });
  }
}

/** Gives memory back at once: a collector that has to find out is asked every few megabytes. Short ones are of Node's shared pool. */
function giveBack(bytes: Buffer | undefined): void {
  if (bytes && bytes.length >= POOLED_BELOW) (bytes.buffer as ArrayBuffer).transfer(0);
}
