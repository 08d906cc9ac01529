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
import { FRAME_BYTES } from '../../proto/image/limits.ts';
import type { ImagePart } from '../../proto/image/manifest.ts';
import type { RangeSource } from '../../proto/registry/blobs.ts';
import type { ImageSource } from './source.ts';

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

/** A part of an image, unpacked frame by frame as it is read. */
export class FramesContent implements RangeSource {
  readonly size: number;
  readonly #blob: RangeSource;
  readonly #table: FrameTable;
  /** Unpacked frames, the one that was used longest ago first. */
  readonly #frames = new Map<number, Promise<Buffer>>();
  /** Frames as they were fetched ahead. */
  #ahead = new Map<number, Promise<Buffer>>();
  #last = -2;

  private constructor(blob: RangeSource, table: FrameTable) {
    this.#blob = blob;
    this.#table = table;
    this.size = table.size;
  }

  /** Opens a part. @throws Failure IMAGE_FRAMES_INVALID, IMAGE_TRUNCATED */
  static async open(image: ImageSource, part: ImagePart): Promise<FramesContent> {
    const blob = await image.blob(part.frames);
    const length = tableBytes(part.size);
    const table = await blob.readRange(blob.size - length, length);
    return new FramesContent(blob, decodeFrameTable(table, part.size, blob.size));
  }

  async readRange(offset: number, length: number): Promise<Buffer> {
    const first = Math.floor(offset / FRAME_BYTES);
    const last = Math.floor((offset + Math.max(0, length - 1)) / FRAME_BYTES);
    const pieces: Buffer[] = [];
    for (let frame = first; frame <= last; frame += 1) {
      const bytes = await this.#frame(frame);
      const begin = Math.max(0, offset - frame * FRAME_BYTES);
      pieces.push(bytes.subarray(begin, Math.max(begin, offset + length - frame * FRAME_BYTES)));
    }
    const [only] = pieces;
    return pieces.length === 1 && only ? only : Buffer.concat(pieces);
  }

  #frame(frame: number): Promise<Buffer> {
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

  async #unpack(frame: number): Promise<Buffer> {
    return decodeFrame(this.#table, frame, await this.#packed(frame));
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
