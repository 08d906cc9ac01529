/**
 * Reads a chain of files as pieces of whole lines and walks on when a file is rotated, by rename or by copy-and-truncate.
 *
 * INVARIANTS, in the order that keeps them:
 * 1. A file is left only when it has not grown beyond what was read *after* the beginning of its successor was read: what
 *    the writer appended between the last read and the rotation is not lost, nor the rest of a copy that was being made.
 * 2. Bytes are handed on only when the file still begins as it did *after* they were read: otherwise it was truncated and
 *    written anew meanwhile, perhaps beyond the place that had been reached, and they belong to the next generation.
 * 3. What the file's beginning is, and with it a cursor's prefix, comes from when it was begun and from bytes that were handed
 *    on, never from a second look at the file: that may be the next generation already. Where it was empty when it was
 *    begun, there is nothing to know it by: then no file may have come in before it when its first bytes are there.
 * 4. The next file is begun only when, after its beginning was read, it still is the next one: copy-and-truncate gives
 *    the same file to one generation after the other.
 * 5. A compressed file is a new one on the disk with old lines. So the walk goes to one only from another compressed one, or
 *    from a file that was compressed itself meanwhile, whose place is known by what it begins with.
 * 6. A list of files is believed only when it was the same twice: in the midst of a rotation names and files do not fit.
 */

import { HEAD_BYTES, headOf, LogFile } from '../../host/log-file.ts';
import { isPacked } from '../../host/packed-file.ts';
import { CURSOR_LETTER } from '../cursor.ts';
import type { LogGap, SourceKind } from '../types.ts';
import { fileKey, type LogChain } from './chain.ts';
import { findCopy } from './generations.ts';
import { LeftFile } from './left-file.ts';
import { CHUNK_BYTES, type Piece, type ReadPlan } from './piece.ts';
import { FilePlace } from './place.ts';
import { Succession } from './succession.ts';
import { ChangeWaiter } from './wait.ts';

const NEWLINE = 10;

/** The file that is being read, and what is around it. */
interface Current {
  place: FilePlace;
  succession: Succession;
  /** The key of the file that was found to come next. */
  successor: string | undefined;
}

/** One walk along a chain. */
export class ChainReader {
  readonly #chain: LogChain;
  readonly #plan: ReadPlan;
  readonly #letter: string;
  readonly #signal: AbortSignal;
  readonly #waiter: ChangeWaiter;
  #current: Current | undefined;
  #left: LeftFile | undefined;

  constructor(chain: LogChain, kind: SourceKind, plan: ReadPlan, signal: AbortSignal) {
    this.#chain = chain;
    this.#plan = plan;
    this.#letter = CURSOR_LETTER[kind];
    this.#signal = signal;
    this.#waiter = new ChangeWaiter(signal);
  }

  /** The prefix of cursors in the current file; empty while there is none. */
  get prefix(): string {
    return this.#current?.place.prefix ?? '';
  }

  /** The pieces, until the planned end or until the signal fires. Closes the files that it opened. */
  async *pieces(): AsyncGenerator<Piece> {
    try {
      if (this.#plan.file !== undefined)
        yield await this.#begin(this.#plan.file, this.#plan.offset, this.#plan.first);
      while (!this.#signal.aborted) {
        if (this.#current === undefined) {
          const first = await this.#openNewest();
          if (first !== undefined) yield await this.#begin(first, 0);
          else if (!this.#plan.follow) return;
          else yield* this.#pause();
          continue;
        }
        const more = yield* this.#readOn(this.#current);
        if (more === 'end') return;
      }
    } finally {
      this.#waiter.close();
      await this.#left?.close();
      await this.#current?.place.file.close();
    }
  }

  async #openNewest(): Promise<LogFile | undefined> {
    const newest = await this.#chain.newest();
    return newest === undefined ? undefined : await LogFile.open(newest.path);
  }

  /** @param known what the file begins with, when that is known */
  async #begin(file: LogFile, offset: number, known?: Buffer): Promise<Piece> {
    const before = this.#current?.place.file;
    this.#current = undefined;
    this.#waiter.forget();
    try {
      if (before !== file) await before?.close();
      const first = known ?? (await file.read(0, HEAD_BYTES));
      const { size } = await file.stat();
      const succession = await Succession.around(file, this.#chain, this.#plan.follow);
      const place = new FilePlace(file, offset, first, this.#letter, succession.beforeMs);
      place.seenSize = size;
      this.#current = { place, succession, successor: undefined };
      return { kind: 'file', file, offset };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Keeps a file that was read to its end in view: what is appended to it now nobody will read. */
  async #leave({ file, offset }: FilePlace): Promise<void> {
    await this.#left?.close();
    this.#left = new LeftFile(file, offset);
    this.#current = undefined;
  }

  async *#pause(): AsyncGenerator<Piece> {
    const left = this.#left;
    const gap = await left?.appended();
    if (gap !== undefined) yield { kind: 'gap', gap };
    if (left?.isOver === true) {
      this.#left = undefined;
      await left.close();
    }
    yield { kind: 'idle' };
    if (this.#current !== undefined) {
      this.#current.place.rest();
      this.#waiter.watch(this.#current.place.file.path);
    }
    await this.#waiter.wait();
  }

  /** One step: hands on a chunk, or finds the end of the file and what comes after it. */
  async *#readOn(current: Current): AsyncGenerator<Piece, 'end' | 'more'> {
    const { place, succession } = current;
    const { file, offset } = place;
    const { size, mtimeMs } = await file.stat();
    if (size < offset) return yield* this.#truncated(current);
    const planned = this.#plan.until;
    const isLast = !this.#plan.follow && planned?.key === fileKey(file);
    const stop = isLast ? Math.min(size, planned.size) : size;
    const bytes = await place.chunk(stop);
    if (!(await place.isSameGeneration())) return yield* this.#truncated(current);
    if (bytes.length > 0 && place.first.length === 0) {
      const between = await succession.cameBetween(file);
      if (between !== undefined) {
        yield await this.#begin(between, 0);
        return 'more';
      }
    }
    place.seenSize = size;
    const newline = bytes.lastIndexOf(NEWLINE);
    if (newline >= 0) {
      yield place.lines(bytes.subarray(0, newline + 1), newline + 1, mtimeMs);
      return 'more';
    }
    if (bytes.length === CHUNK_BYTES) {
      const end = await place.endOfLine(stop, this.#signal);
      if (end !== undefined) {
        yield place.oneLine(bytes, end - offset, end - offset - 1, mtimeMs);
        return 'more';
      }
      if (this.#signal.aborted) return 'end';
    }
    // Nothing more, but perhaps a line without its newline yet.
    const rest = bytes.length === 0 ? 0 : stop - offset;
    if (isLast) {
      if (rest > 0) yield place.oneLine(bytes, rest, rest, mtimeMs);
      return 'end';
    }
    return yield* this.#atEnd(current, bytes, rest, mtimeMs);
  }

  async *#atEnd(
    current: Current,
    bytes: Buffer,
    rest: number,
    mtimeMs: number,
  ): AsyncGenerator<Piece, 'end' | 'more'> {
    const { place, succession } = current;
    const { file } = place;
    if (current.successor === undefined) {
      current.successor = await succession.find(place);
      if (current.successor !== undefined) return 'more'; // Invariant 1: once more to the end.
      if (!this.#plan.follow) {
        if (rest > 0) yield place.oneLine(bytes, rest, rest, mtimeMs);
        return 'end';
      }
      yield* this.#pause();
      return 'more';
    }
    const next = await succession.open(place, current.successor, place.offset + rest);
    if (next === undefined) {
      // Rotated again just now: look anew, but not in a tight loop.
      current.successor = undefined;
      await this.#waiter.wait();
      return 'more';
    }
    if (rest > 0 && next.offset === 0) yield place.oneLine(bytes, rest, rest, mtimeMs);
    if (await succession.hasMissed(file, next.file)) yield { kind: 'gap', gap: missed(file) };
    if (this.#plan.follow && next.offset === 0 && !isPacked(file.path)) await this.#leave(place);
    yield await this.#begin(next.file, next.offset, next.first);
    return 'more';
  }

  /** The file is shorter than what was read, or begins differently. */
  async *#truncated({ place, succession }: Current): AsyncGenerator<Piece, 'end' | 'more'> {
    const { file, first, offset, seenSize } = place;
    const unread = Math.max(0, seenSize - offset);
    const copy = await findCopy(this.#chain, headOf(first), offset, fileKey(file));
    if (copy !== undefined) {
      yield await this.#begin(copy, offset, first);
      return 'more';
    }
    if (unread > 0) {
      const detail = `${file.path} was truncated before its last ${unread} bytes were read`;
      yield { kind: 'gap', gap: { records: -1, bytes: unread, cause: 'TRUNCATED', detail } };
    }
    if (!this.#plan.follow) return 'end';
    yield await this.#begin((await succession.cameBetween(file)) ?? file, 0);
    return 'more';
  }
}

/** The gap for files that were rotated away before they were read. */
function missed(file: LogFile): LogGap {
  const detail = `a file behind ${file.path} was rotated away before it was read`;
  return { records: -1, bytes: 0, cause: 'ROTATED', detail };
}
