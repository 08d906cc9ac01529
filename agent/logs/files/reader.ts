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

import { type FileState, HEAD_BYTES, headOf, LogFile } from '../../host/log-file.ts';
import { isPacked } from '../../host/packed-file.ts';
import { CURSOR_LETTER } from '../cursor.ts';
import { MAX_MESSAGE_BYTES, type SourceKind } from '../types.ts';
import { fileKey, type LogChain } from './chain.ts';
import { filePrefix, findCopy, MIN_EVIDENCE, stableList } from './generations.ts';
import { CHUNK_BYTES, type Piece, type ReadPlan } from './piece.ts';
import { ChangeWaiter } from './wait.ts';

const NEWLINE = 10;
/** How long a file that was left is watched for what a writer still appends to it. */
const LEFT_MS = 10 * 60_000;

/** Where to go on after a file. */
interface Next {
  file: LogFile;
  first: Buffer;
  offset: number;
}

/** One walk along a chain. */
export class ChainReader {
  readonly #chain: LogChain;
  readonly #plan: ReadPlan;
  readonly #letter: string;
  readonly #signal: AbortSignal;
  readonly #waiter: ChangeWaiter;
  #file: LogFile | undefined;
  #offset = 0;
  /** The first bytes of the file as it was begun and handed on, at most HEAD_BYTES (invariant 3). */
  #first: Buffer = Buffer.alloc(0);
  #prefix = '';
  /** When a file before the current one had last been written to, as the prefix says it. */
  #beforeMs = 0;
  /** The file's size when it was last looked at. */
  #seenSize = 0;
  #successor: string | undefined;
  /** How far the end of a very long line was searched for in vain. */
  #searched = { line: -1, to: 0 };
  /**
   * What chunks are read into, one after the other: a chunk is looked at no more once the next piece is asked for. A buffer
   * for each would be left to the garbage collector, which lets 64 MB of them come together. Empty while it waits for more.
   */
  #buffer: Buffer = Buffer.alloc(0);
  /** Files that stand before the current one. */
  #older = new Set<string>();
  /** The file that was left last, while it is watched: a writer may not have taken notice of the rotation. */
  #left: { file: LogFile; size: number; until: number } | undefined;
  /** The file that stood behind the current one when it was begun. */
  #follower: string | undefined;

  constructor(chain: LogChain, kind: SourceKind, plan: ReadPlan, signal: AbortSignal) {
    this.#chain = chain;
    this.#plan = plan;
    this.#letter = CURSOR_LETTER[kind];
    this.#signal = signal;
    this.#waiter = new ChangeWaiter(signal);
  }

  /** The prefix of cursors in the current file; empty while there is none. */
  get prefix(): string {
    return this.#prefix;
  }

  /** The pieces, until the planned end or until the signal fires. Closes the files that it opened. */
  async *pieces(): AsyncGenerator<Piece> {
    try {
      if (this.#plan.file !== undefined)
        yield await this.#begin(this.#plan.file, this.#plan.offset, this.#plan.first);
      while (!this.#signal.aborted) {
        if (this.#file === undefined) {
          const first = await this.#openNewest();
          if (first !== undefined) yield await this.#begin(first, 0);
          else if (!this.#plan.follow) return;
          else yield* this.#pause();
          continue;
        }
        const more = yield* this.#readOn(this.#file);
        if (more === 'end') return;
      }
    } finally {
      this.#waiter.close();
      await this.#left?.file.close();
      await this.#file?.close();
    }
  }

  async #openNewest(): Promise<LogFile | undefined> {
    const newest = await this.#chain.newest();
    return newest === undefined ? undefined : await LogFile.open(newest.path);
  }

  /** @param first what the file begins with, when that is known */
  async #begin(file: LogFile, offset: number, first?: Buffer): Promise<Piece> {
    if (this.#file !== file) await this.#file?.close();
    this.#file = file;
    this.#offset = offset;
    this.#successor = undefined;
    this.#searched = { line: -1, to: 0 };
    this.#waiter.forget();
    const head = first ?? (await file.read(0, HEAD_BYTES));
    this.#seenSize = (await file.stat()).size;
    const list = await stableList(this.#chain);
    const own = list.findIndex((state) => file.is(state));
    const older = list.slice(0, Math.max(own, 0));
    this.#older = new Set(older.map(fileKey));
    this.#beforeMs = older.reduce((newest, { mtimeMs }) => Math.max(newest, Math.floor(mtimeMs)), 0);
    this.#describe(head);
    const follower = own < 0 ? undefined : list[own + 1];
    this.#follower = follower && fileKey(follower);
    return { kind: 'file', file, offset };
  }

  /** Keeps the current file, which was read to its end, in view: what is appended to it now nobody will read. */
  async #watchLeft(file: LogFile): Promise<void> {
    await this.#left?.file.close();
    this.#left = { file, size: this.#offset, until: Date.now() + LEFT_MS };
    this.#file = undefined;
  }

  /** Says what was appended to the file that was left. */
  async *#afterwards(): AsyncGenerator<Piece> {
    const left = this.#left;
    if (left === undefined) return;
    const { size } = await left.file.stat();
    const bytes = size - left.size;
    left.size = Math.max(size, left.size);
    if (bytes > 0) {
      const detail = `a writer went on in ${left.file.path} after its successor had been begun`;
      yield { kind: 'gap', gap: { records: -1, bytes, cause: 'ROTATED', detail } };
    }
    if (Date.now() < left.until) return;
    this.#left = undefined;
    await left.file.close();
  }

  async *#pause(): AsyncGenerator<Piece> {
    yield* this.#afterwards();
    yield { kind: 'idle' };
    this.#buffer = Buffer.alloc(0);
    if (this.#file !== undefined) this.#waiter.watch(this.#file.path);
    await this.#waiter.wait();
  }

  /** One step: hands on a chunk, or finds the end of the file and what comes after it. */
  async *#readOn(file: LogFile): AsyncGenerator<Piece, 'end' | 'more'> {
    const { size, mtimeMs } = await file.stat();
    if (size < this.#offset) return yield* this.#truncated(file);
    const planned = this.#plan.until;
    const isLast = !this.#plan.follow && planned?.key === fileKey(file);
    const stop = isLast ? Math.min(size, planned.size) : size;
    const length = Math.min(CHUNK_BYTES, stop - this.#offset);
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafeSlow(length);
    const bytes = await file.read(this.#offset, length, this.#buffer);
    if (!(await this.#isSameGeneration(file))) return yield* this.#truncated(file);
    if (bytes.length > 0 && this.#first.length === 0) {
      const between = await this.#cameBetween(file);
      if (between !== undefined) {
        yield await this.#begin(between, 0);
        return 'more';
      }
    }
    this.#seenSize = size;
    const newline = bytes.lastIndexOf(NEWLINE);
    if (newline >= 0) {
      yield this.#lines(bytes.subarray(0, newline + 1), newline + 1, mtimeMs);
      return 'more';
    }
    if (bytes.length === CHUNK_BYTES) {
      const end = await this.#endOfLine(file, stop);
      if (end !== undefined) {
        yield this.#oneLine(bytes, end - this.#offset, end - this.#offset - 1, mtimeMs);
        return 'more';
      }
      if (this.#signal.aborted) return 'end';
    }
    // Nothing more, but perhaps a line without its newline yet.
    const rest = bytes.length === 0 ? 0 : stop - this.#offset;
    if (isLast) {
      if (rest > 0) yield this.#oneLine(bytes, rest, rest, mtimeMs);
      return 'end';
    }
    return yield* this.#atEnd(file, bytes, rest, mtimeMs);
  }

  async *#atEnd(
    file: LogFile,
    bytes: Buffer,
    rest: number,
    mtimeMs: number,
  ): AsyncGenerator<Piece, 'end' | 'more'> {
    if (this.#successor === undefined) {
      this.#successor = await this.#findSuccessor(file);
      if (this.#successor !== undefined) return 'more'; // Invariant 1: once more to the end.
      if (!this.#plan.follow) {
        if (rest > 0) yield this.#oneLine(bytes, rest, rest, mtimeMs);
        return 'end';
      }
      yield* this.#pause();
      return 'more';
    }
    const next = await this.#openSuccessor(file, this.#successor, this.#offset + rest);
    if (next === undefined) {
      // Rotated again just now: look anew, but not in a tight loop.
      this.#successor = undefined;
      await this.#waiter.wait();
      return 'more';
    }
    if (rest > 0 && next.offset === 0) yield this.#oneLine(bytes, rest, rest, mtimeMs);
    const other = this.#follower !== undefined && this.#follower !== fileKey(next.file);
    // A compressed one is what stood behind this file, under another key now.
    if (other && !isPacked(next.file.path)) yield* this.#missed(file);
    if (this.#plan.follow && next.offset === 0 && !isPacked(file.path)) await this.#watchLeft(file);
    yield await this.#begin(next.file, next.offset, next.first);
    return 'more';
  }

  /**
   * Opens the next file and reads its beginning; undefined when it is not the next one any more (invariant 4), or when this
   * one has more than the `end` that was read (invariant 1).
   */
  async #openSuccessor(file: LogFile, key: string, end: number): Promise<Next | undefined> {
    const state = (await stableList(this.#chain)).find((one) => fileKey(one) === key);
    const opened = state === undefined ? undefined : await LogFile.open(state.path);
    if (opened === undefined) return undefined;
    const first = await opened.read(0, HEAD_BYTES);
    const isNext = fileKey(opened) === key && (await this.#findSuccessor(file)) === key;
    // An empty file between others stays empty; the newest may have been truncated again just now.
    const isReady = first.length > 0 || !this.#plan.follow || !(await this.#isNewest(opened));
    if (isNext && isReady && (await file.stat()).size <= end) {
      // A copy of the file that is still written to, which will be truncated soon or never: the same lines go on there.
      if (this.#isCopyOf(file, opened, first))
        return { file: opened, first: this.#first, offset: this.#offset };
      return { file: opened, first, offset: 0 };
    }
    await opened.close();
    return undefined;
  }

  async #isNewest(file: LogFile): Promise<boolean> {
    const newest = await this.#chain.newest();
    return newest !== undefined && file.is(newest);
  }

  /** Says that files were rotated away before they were read, when the one that was to come next is gone. */
  async *#missed(file: LogFile): AsyncGenerator<Piece> {
    const list = await stableList(this.#chain);
    if (list.some((state) => file.is(state) || fileKey(state) === this.#follower)) return;
    const detail = `a file behind ${file.path} was rotated away before it was read`;
    yield { kind: 'gap', gap: { records: -1, bytes: 0, cause: 'ROTATED', detail } };
  }

  /** Whether the file is a copy of the next one: made later, and with the same beginning. */
  #isCopyOf(file: LogFile, next: LogFile, first: Buffer): boolean {
    const { length } = this.#first;
    return (
      length >= MIN_EVIDENCE && next.birthMs <= file.birthMs && this.#first.equals(first.subarray(0, length))
    );
  }

  /** The key of the file that comes after this one and has begun to fill. */
  async #findSuccessor(file: LogFile): Promise<string | undefined> {
    const newest = await this.#chain.newest();
    if (newest !== undefined && file.is(newest)) return undefined;
    const list = await stableList(this.#chain);
    const listed = list.findIndex((state) => file.is(state));
    const own = listed < 0 ? await this.#packedPlace(file, list) : listed;
    const mayBePacked = own >= 0 && (listed < 0 || isPacked(file.path));
    // Whatever name a rotation gives: what stood before this file was read, or is older than what was asked for.
    const next = list
      .slice(own + 1)
      .find((state) => !this.#older.has(fileKey(state)) && (mayBePacked || !isPacked(state.path)));
    if (next === undefined) return undefined;
    // The writer may go on in the old file until it opens the new one.
    if (this.#plan.follow && next === list.at(-1) && next.size === 0) return undefined;
    return fileKey(next);
  }

  /** Where a file that is gone stands compressed among the others, or -1. */
  async #packedPlace(file: LogFile, list: readonly FileState[]): Promise<number> {
    if (!list.some(({ path }) => isPacked(path))) return -1;
    const copy = await findCopy(this.#chain, headOf(this.#first), this.#offset, fileKey(file));
    const place = copy === undefined ? -1 : list.findIndex((state) => copy.is(state));
    await copy?.close();
    return place >= 0 && isPacked(copy?.path ?? '') ? place : -1;
  }

  /** The file is shorter than what was read, or begins differently. */
  async *#truncated(file: LogFile): AsyncGenerator<Piece, 'end' | 'more'> {
    const unread = Math.max(0, this.#seenSize - this.#offset);
    const copy = await findCopy(this.#chain, headOf(this.#first), this.#offset, fileKey(file));
    if (copy !== undefined) {
      yield await this.#begin(copy, this.#offset, this.#first);
      return 'more';
    }
    if (unread > 0) {
      const detail = `${file.path} was truncated before its last ${unread} bytes were read`;
      yield { kind: 'gap', gap: { records: -1, bytes: unread, cause: 'TRUNCATED', detail } };
    }
    if (!this.#plan.follow) return 'end';
    yield await this.#begin((await this.#cameBetween(file)) ?? file, 0);
    return 'more';
  }

  /** The first file that has come in between those before the current one and itself: a generation that was not seen. */
  async #cameBetween(file: LogFile): Promise<LogFile | undefined> {
    const list = await stableList(this.#chain);
    const next = list.find(
      (state) => file.is(state) || !(this.#older.has(fileKey(state)) || isPacked(state.path)),
    );
    if (next === undefined || file.is(next)) return undefined;
    const opened = await LogFile.open(next.path);
    if (opened?.is(next)) return opened;
    await opened?.close();
    return undefined;
  }

  /** Whether the file begins with what was handed on (invariant 2). */
  async #isSameGeneration(file: LogFile): Promise<boolean> {
    if (this.#first.length === 0) return true;
    return this.#first.equals(await file.read(0, this.#first.length));
  }

  /** Takes the first bytes for what the file is known by. */
  #describe(first: Buffer): void {
    this.#first = Buffer.from(first);
    if (this.#file === undefined) return;
    const { dev, ino, birthMs } = this.#file;
    const known = { dev, ino, birthMs, beforeMs: this.#beforeMs, head: headOf(first) };
    this.#prefix = filePrefix(this.#letter, known);
  }

  #lines(chunk: Buffer, length: number, mtimeMs: number, cut = false): Piece {
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
  #oneLine(bytes: Buffer, taken: number, length: number, mtimeMs: number): Piece {
    const kept = bytes.subarray(0, Math.min(length, MAX_MESSAGE_BYTES));
    const chunk = Buffer.concat([kept, Buffer.from([NEWLINE])]);
    return this.#lines(chunk, taken, mtimeMs, length > kept.length);
  }

  /** Where the line that begins at the offset ends (behind its newline), in bounded memory; undefined when it does not. */
  async #endOfLine(file: LogFile, stop: number): Promise<number | undefined> {
    const known = this.#searched.line === this.#offset ? this.#searched.to : this.#offset + CHUNK_BYTES;
    for (let at = known; at < stop && !this.#signal.aborted; at += CHUNK_BYTES) {
      const bytes = await file.read(at, Math.min(CHUNK_BYTES, stop - at));
      const newline = bytes.indexOf(NEWLINE);
      if (newline >= 0) return at + newline + 1;
      this.#searched = { line: this.#offset, to: at + bytes.length };
    }
    return undefined;
  }
}
