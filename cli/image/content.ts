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
import { whyNotRead } from '../not-read.ts';
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
      throw new Failure('IMAGE_UNREADABLE', `${path} cannot be read: ${whyNotRead(cause)}`, { cause });
    }
  }

  async readRange(offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    await this.readInto(bytes, offset);
    return bytes;
  }

  async readInto(into: Buffer, offset: number): Promise<void> {
    for (let at = 0; at < into.length; ) {
      const { bytesRead } = await this.#file.read(into, at, into.length - at, offset + at);
      if (bytesRead === 0)
        throw new Failure(
          'IMAGE_TRUNCATED',
          `${this.path} ends at byte ${offset + at}, before the image is whole`,
        );
      at += bytesRead;
    }
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

/** A frame that is unpacked, which of its blocks were found to be those of the index, and how many readers copy from it. */
interface Unpacked {
  readonly bytes: Promise<Buffer>;
  readonly held: Uint8Array;
  readers: number;
}

/** Frames as they were fetched by one request. */
interface Fetched {
  /** Where they begin in the blob. */
  readonly offset: number;
  readonly bytes: Promise<Buffer>;
  /** How many of them are still to be unpacked, or passed over. */
  users: number;
}

/**
 * A part of an image, unpacked frame by frame as it is read. What is read is held against the part's block index where there is one:
 * what a frame unpacks to is protected by nothing else until a node reads its whole slot back. Frames are copied from and never
 * handed out, so that their memory is given back at once: a collector that has to find out is asked every 64 MiB, and takes as
 * long as the compressing.
 */
export class FramesContent implements RangeSource {
  readonly size: number;
  readonly #name: string;
  readonly #blob: RangeSource;
  readonly #table: FrameTable;
  readonly #index: (() => Promise<BlockTable>) | undefined;
  /** Unpacked frames, the one that was used longest ago first. */
  readonly #frames = new Map<number, Unpacked>();
  /** Frames that were fetched ahead. */
  #ahead = new Map<number, Fetched>();
  /** Memory that frames were fetched into, to be used again. */
  readonly #spare: Buffer[] = [];
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
    const bytes = Buffer.allocUnsafe(length);
    await this.readInto(bytes, offset);
    return bytes;
  }

  async readInto(into: Buffer, offset: number): Promise<void> {
    const first = Math.floor(offset / FRAME_BYTES);
    const last = Math.floor((offset + Math.max(0, into.length - 1)) / FRAME_BYTES);
    for (let frame = first; frame <= last; frame += 1) {
      const unpacked = this.#frame(frame);
      const base = frame * FRAME_BYTES;
      const begin = Math.max(0, offset - base);
      const end = Math.min(FRAME_BYTES, Math.max(begin, offset + into.length - base));
      unpacked.readers += 1;
      try {
        const bytes = await unpacked.bytes;
        if (this.#index) this.#hold(frame, bytes, unpacked.held, [begin, end], await this.#index());
        bytes.copy(into, base + begin - offset, begin, end);
      } finally {
        unpacked.readers -= 1;
        if (this.#frames.get(frame) !== unpacked) giveBack(unpacked);
      }
    }
  }

  /** Holds the blocks that bytes of a frame touch against the index, each once. @throws Failure IMAGE_DIGEST_MISMATCH */
  #hold(
    frame: number,
    bytes: Buffer,
    held: Uint8Array,
    [begin, end]: [number, number],
    index: BlockTable,
  ): void {
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

  #frame(frame: number): Unpacked {
    const known = this.#frames.get(frame) ?? {
      bytes: this.#unpack(frame),
      held: new Uint8Array(FRAME_BYTES / BLOCK_BYTES),
      readers: 0,
    };
    // Moved to the end: it was used last.
    this.#frames.delete(frame);
    this.#frames.set(frame, known);
    for (const [oldest, unpacked] of this.#frames) {
      if (this.#frames.size <= KEPT_FRAMES) break;
      this.#frames.delete(oldest);
      giveBack(unpacked);
    }
    return known;
  }

  async #unpack(frame: number): Promise<Buffer> {
    const fetched = this.#packed(frame);
    try {
      const range = frameRange(this.#table, frame);
      const at = range.offset - fetched.offset;
      return decodeFrame(this.#table, frame, (await fetched.bytes).subarray(at, at + range.length));
    } catch (error) {
      throw named(this.#name, error);
    } finally {
      this.#release(fetched);
    }
  }

  /** A frame as it stands in the blob; with those that follow where they are read in order. To be released. */
  #packed(frame: number): Fetched {
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
    for (const left of this.#ahead.values()) this.#release(left);
    const fetched: Fetched = { offset, bytes: this.#fetch(offset, end - offset), users: count };
    // Whoever waits for a frame hears of an error; a frame that nobody asks for must not end the program.
    fetched.bytes.catch(() => undefined);
    this.#ahead = new Map(Array.from({ length: count - 1 }, (_, at) => [frame + 1 + at, fetched]));
    return fetched;
  }

  /** Bytes of the blob, in memory that was used before where there is such. */
  async #fetch(offset: number, length: number): Promise<Buffer> {
    if (!this.#blob.readInto) return this.#blob.readRange(offset, length);
    const spare = this.#spare.pop();
    const space = spare && spare.length >= length ? spare : Buffer.allocUnsafeSlow(length);
    const bytes = space.subarray(0, length);
    await this.#blob.readInto(bytes, offset);
    return bytes;
  }

  /** One of its frames is used no more. */
  #release(fetched: Fetched): void {
    fetched.users -= 1;
    if (fetched.users > 0 || !this.#blob.readInto || this.#spare.length > 0) return;
    fetched.bytes.then(
      ({ buffer }) => {
        if (this.#spare.length === 0) this.#spare.push(Buffer.from(buffer));
      },
      () => undefined,
    );
  }
}

/** Gives the memory of a frame back that is kept no more, once nobody copies from it. A short one may be of Node's shared pool. */
function giveBack({ bytes, readers }: Unpacked): void {
  if (readers > 0) return;
  bytes.then(
    ({ length, buffer }) => {
      if (length === FRAME_BYTES) (buffer as ArrayBuffer).transfer(0);
    },
    () => undefined,
  );
}

/** A failure to read a part, with the name of the part and its image. */
function named(name: string, error: unknown): Failure {
  const { reason, message } = Failure.from(error);
  return new Failure(reason, `${name}: ${message}`, { hint: GET_ANEW, cause: error });
}
