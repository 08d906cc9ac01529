/** Where a read stands in one file: how far it has come, what the file is known by, and the lines that are next. */

import { HEAD_BYTES, headOf, type LogFile } from '../../host/log-file.ts';
import { MAX_MESSAGE_BYTES } from '../types.ts';
import { filePrefix } from './generations.ts';
import { CHUNK_BYTES, type Piece } from './piece.ts';

const NEWLINE = 10;

/** One file that is being read. */
export class FilePlace {
  readonly file: LogFile;
  /** The file's size when it was last looked at. */
  seenSize = 0;
  readonly #letter: string;
  readonly #beforeMs: number;
  #offset: number;
  /** The first bytes of the file as it was begun and handed on, at most HEAD_BYTES. */
  #first: Buffer = Buffer.alloc(0);
  #prefix = '';
  /** How far the end of a very long line was searched for in vain. */
  #searched = { line: -1, to: 0 };
  /**
   * What chunks are read into, one after the other: a chunk is looked at no more once the next piece is asked for. A buffer
   * for each would be left to the garbage collector, which lets 64 MB of them come together.
   */
  #buffer: Buffer = Buffer.alloc(0);

  /**
   * @param first what the file begins with
   * @param letter of the source's kind in cursors
   * @param beforeMs when a file before this one had last been written to
   */
  constructor(file: LogFile, offset: number, first: Buffer, letter: string, beforeMs: number) {
    this.file = file;
    this.#offset = offset;
    this.#letter = letter;
    this.#beforeMs = beforeMs;
    this.#describe(first);
  }

  /** Everything before it was handed on. */
  get offset(): number {
    return this.#offset;
  }

  /** What the file began with when it was begun and in what was handed on since, at most HEAD_BYTES. */
  get first(): Buffer {
    return this.#first;
  }

  /** The prefix of cursors in the file. */
  get prefix(): string {
    return this.#prefix;
  }

  /** The next bytes, at most a chunk and none behind `stop`. They are overwritten by the next ones. */
  async chunk(stop: number): Promise<Buffer> {
    const length = Math.min(CHUNK_BYTES, stop - this.#offset);
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafeSlow(length);
    return await this.file.read(this.#offset, length, this.#buffer);
  }

  /** Gives up the buffer, for as long as nothing more is read. */
  rest(): void {
    this.#buffer = Buffer.alloc(0);
  }

  /** Whether the file begins with what was handed on: it may have been truncated and written anew. */
  async isSameGeneration(): Promise<boolean> {
    if (this.#first.length === 0) return true;
    return this.#first.equals(await this.file.read(0, this.#first.length));
  }

  /** Hands on the chunk's first `length` bytes as whole lines. */
  lines(chunk: Buffer, length: number, mtimeMs: number, cut = false): Piece {
    const start = this.#offset;
    this.#offset += length;
    const known = this.#first.length;
    if (known < HEAD_BYTES && known >= start && known < this.#offset) {
      this.#describe(
        Buffer.concat([this.#first, chunk.subarray(known - start, Math.min(length, HEAD_BYTES - start))]),
      );
    }
    return { kind: 'lines', chunk, start, end: this.#offset, prefix: this.#prefix, cut, mtimeMs };
  }

  /**
   * A line as a piece of its own: one that is longer than a chunk, or the last one without its newline.
   * @param taken bytes of the file that it takes; `length` without its newline
   */
  oneLine(bytes: Buffer, taken: number, length: number, mtimeMs: number): Piece {
    const kept = bytes.subarray(0, Math.min(length, MAX_MESSAGE_BYTES));
    const chunk = Buffer.concat([kept, Buffer.from([NEWLINE])]);
    return this.lines(chunk, taken, mtimeMs, length > kept.length);
  }

  /** Where the line that begins at the offset ends (behind its newline), in bounded memory; undefined when it does not. */
  async endOfLine(stop: number, signal: AbortSignal): Promise<number | undefined> {
    const known = this.#searched.line === this.#offset ? this.#searched.to : this.#offset + CHUNK_BYTES;
    for (let at = known; at < stop && !signal.aborted; at += CHUNK_BYTES) {
      const bytes = await this.file.read(at, Math.min(CHUNK_BYTES, stop - at));
      const newline = bytes.indexOf(NEWLINE);
      if (newline >= 0) return at + newline + 1;
      this.#searched = { line: this.#offset, to: at + bytes.length };
    }
    return undefined;
  }

  /** Takes the first bytes for what the file is known by. */
  #describe(first: Buffer): void {
    this.#first = Buffer.from(first);
    const { dev, ino, birthMs } = this.file;
    const known = { dev, ino, birthMs, beforeMs: this.#beforeMs, head: headOf(first) };
    this.#prefix = filePrefix(this.#letter, known);
  }
}
