/** The bytes of an image's parts, from a raw file or out of the frames of an image, read from anywhere within. */

import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../../proto/failure.ts';
import {
  decodeFrame,
  decodeFrameTable,
  type FrameTable,
  frameRange,
  tableBytes,
} from '../../proto/image/frames.ts';
import { BLOCK_BYTES, FRAME_BYTES } from '../../proto/image/limits.ts';
import type { ImagePart } from '../../proto/image/manifest.ts';
import type { RangeSource } from '../../proto/registry/blobs.ts';
import type { BlockTable } from './delta/block-table.ts';
import { damaged, GET_ANEW, type ImageSource } from './source.ts';

/** Frames that are kept unpacked. A delta reads two images, each at one or two places that move forward. */
const KEPT_FRAMES = 24;
/** Frames that are fetched by one request where they are read one after the other. */
const READ_AHEAD = 8;

/** A file, or a block device. */
export class FileContent implements RangeSource {
  readonly path: string;
  readonly size: number;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle, size: number) {
    this.path = path;
    this.#file = file;
    this.size = size;
  }

  /** Opens a file. @throws Failure IMAGE_UNREADABLE */
  static async open(path: string): Promise<FileContent> {
    let file: FileHandle | undefined;
    try {
      file = await open(path, 'r');
      const { size } = await file.stat();
      return new FileContent(path, file, size);
    } catch (cause) {
      await file?.close();
      throw new Failure('IMAGE_UNREADABLE', `${path} cannot be read: ${(cause as Error).message}`, { cause });
    }
  }

  async readRange(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await this.#file.read(bytes, at, length - at, offset + at);
      if (bytesRead === 0)
        throw new Failure(
          'IMAGE_TRUNCATED',
          `${this.path} ends at byte ${offset + at}, before the image is whole`,
        );
      at += bytesRead;
    }
    return bytes;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Opens files, does something with them, and closes them. @throws Failure IMAGE_UNREADABLE, and what `use` throws */
export async function withFiles<T>(
  paths: readonly string[],
  use: (files: FileContent[]) => Promise<T>,
): Promise<T> {
  const files: FileContent[] = [];
  try {
    for (const path of paths) files.push(await FileContent.open(path));
    return await use(files);
  } finally {
    for (const file of files) await file.close();
  }
}

/** A frame that is unpacked, and which of its blocks were found to be those of the index. */
interface Unpacked {
  readonly bytes: Buffer;
  readonly held: Uint8Array;
}

/**
 * A part of an image, unpacked frame by frame as it is read. What is read is held against the part's block index where there is one:
 * what a frame unpacks to is protected by nothing else until a node reads its whole slot back.
 */
export class FramesContent implements RangeSource {
  readonly size: number;
  readonly #name: string;
  readonly #blob: RangeSource;
  readonly #table: FrameTable;
  readonly #index: (() => Promise<BlockTable>) | undefined;
  /** Unpacked frames, the one that was used longest ago first. */
  readonly #frames = new Map<number, Promise<Unpacked>>();
  /** Frames as they were fetched ahead. */
  #ahead = new Map<number, Promise<Buffer>>();
  #last = -2;

  private constructor(
    name: string,
    blob: RangeSource,
    table: FrameTable,
    index: (() => Promise<BlockTable>) | undefined,
  ) {
    this.#name = name;
    this.#blob = blob;
    this.#table = table;
    this.#index = index;
    this.size = table.size;
  }

  /**
   * Opens a part.
   * @param index gives the part's block index, which was held against its digest; called when something is read
   * @throws Failure IMAGE_FRAMES_INVALID, IMAGE_TRUNCATED
   */
  static async open(
    image: ImageSource,
    part: ImagePart,
    index?: () => Promise<BlockTable>,
  ): Promise<FramesContent> {
    const blob = await image.blob(part.frames);
    const length = tableBytes(part.size);
    const table = await blob.readRange(blob.size - length, length);
    const name = `the ${part.role} of ${image.name}`;
    try {
      return new FramesContent(name, blob, decodeFrameTable(table, part.size, blob.size), index);
    } catch (error) {
      throw named(name, error);
    }
  }

  async readRange(offset: number, length: number): Promise<Buffer> {
    const first = Math.floor(offset / FRAME_BYTES);
    const last = Math.floor((offset + Math.max(0, length - 1)) / FRAME_BYTES);
    const pieces: Buffer[] = [];
    for (let frame = first; frame <= last; frame += 1) {
      const unpacked = await this.#frame(frame);
      const begin = Math.max(0, offset - frame * FRAME_BYTES);
      const end = Math.min(FRAME_BYTES, Math.max(begin, offset + length - frame * FRAME_BYTES));
      if (this.#index) this.#hold(frame, unpacked, begin, end, await this.#index());
      pieces.push(unpacked.bytes.subarray(begin, end));
    }
    const [only] = pieces;
    return pieces.length === 1 && only ? only : Buffer.concat(pieces);
  }

  /** Holds the blocks that bytes of a frame touch against the index, each once. @throws Failure IMAGE_DIGEST_MISMATCH */
  #hold(frame: number, { bytes, held }: Unpacked, begin: number, end: number, index: BlockTable): void {
    const base = (frame * FRAME_BYTES) / BLOCK_BYTES;
    for (let block = Math.floor(begin / BLOCK_BYTES); block * BLOCK_BYTES < end; block += 1) {
      if (held[block] === 1) continue;
      if (!index.holds(base + block, bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)))
        throw damaged(
          `${this.#name} has other bytes at ${(base + block) * BLOCK_BYTES} than its block index`,
        );
      held[block] = 1;
    }
  }

  #frame(frame: number): Promise<Unpacked> {
    const known = this.#frames.get(frame) ?? this.#unpack(frame);
    // Moved to the end: it was used last.
    this.#frames.delete(frame);
    this.#frames.set(frame, known);
    for (const oldest of this.#frames.keys()) {
      if (this.#frames.size <= KEPT_FRAMES) break;
      this.#frames.delete(oldest);
    }
    return known;
  }

  async #unpack(frame: number): Promise<Unpacked> {
    const packed = await this.#packed(frame);
    try {
      const bytes = decodeFrame(this.#table, frame, packed);
      return { bytes, held: new Uint8Array(FRAME_BYTES / BLOCK_BYTES) };
    } catch (error) {
      throw named(this.#name, error);
    }
  }

  /** A frame as it stands in the blob; with those that follow where they are read in order. */
  #packed(frame: number): Promise<Buffer> {
    const ahead = this.#ahead.get(frame);
    const inOrder = frame === this.#last + 1;
    this.#last = frame;
    if (ahead) {
      this.#ahead.delete(frame);
      return ahead;
    }
    const count = inOrder ? Math.min(READ_AHEAD, this.#table.offsets.length - 1 - frame) : 1;
    const { offset } = frameRange(this.#table, frame);
    const { offset: end } = frameRange(this.#table, frame + count);
    const fetched = this.#blob.readRange(offset, end - offset);
    // Whoever waits for a frame hears of an error; a frame that nobody asks for must not end the program.
    fetched.catch(() => undefined);
    this.#ahead = new Map();
    for (let next = frame; next < frame + count; next += 1) {
      const range = frameRange(this.#table, next);
      const piece = fetched.then((bytes) =>
        bytes.subarray(range.offset - offset, range.offset - offset + range.length),
      );
      piece.catch(() => undefined);
      if (next === frame) continue;
      this.#ahead.set(next, piece);
    }
    return fetched.then((bytes) => bytes.subarray(0, frameRange(this.#table, frame).length));
  }
}

/** A failure to read a part, with the name of the part and its image. */
function named(name: string, error: unknown): Failure {
  const { reason, message } = Failure.from(error);
  return new Failure(reason, `${name}: ${message}`, { hint: GET_ANEW, cause: error });
}
