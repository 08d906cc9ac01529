/**
 * Reads a chain of files as pieces of whole lines and walks on when a file is rotated, by rename or by copy-and-truncate.
 *
 * INVARIANTS, in the order that keeps them:
 * 1. A file is left only after it was read to its end once more *after* its successor was seen: what the writer appended
 *    between the last read and the rotation is not lost.
 * 2. Bytes that were read after a pause are handed on only when the file still begins as it did: otherwise it was
 *    truncated and written anew meanwhile, and they belong to the next generation.
 * 3. A cursor's prefix describes the file by bytes that were there when the records were read.
 */

import { type Head, LogFile } from '../../host/log-file.ts';
import { CURSOR_LETTER } from '../cursor.ts';
import { type LogGap, MAX_MESSAGE_BYTES, type SourceKind } from '../types.ts';
import { fileKey, type LogChain } from './chain.ts';
import { ChangeWaiter } from './wait.ts';

/** How much is read at a time: also the size of a batch of lines that go out as they are. */
export const CHUNK_BYTES = 256 * 1024;
/** Most bytes of a file's beginning that a cursor describes it by. */
const HEAD_BYTES = 256;
const NEWLINE = 10;

/** What a read of a chain gives. */
export type Piece =
  /** A file is begun at an offset. */
  | { kind: 'file'; file: LogFile; offset: number }
  /** Whole lines, each with its newline; in the file they stand from `start` to `end`. */
  | {
      kind: 'lines';
      chunk: Buffer;
      start: number;
      end: number;
      prefix: string;
      cut: boolean;
      mtimeMs: number;
    }
  | { kind: 'gap'; gap: LogGap }
  /** Everything up to now was read. */
  | { kind: 'idle' };

/** Where a read begins, and where it ends when it does not follow. */
export interface ReadPlan {
  /** The first file and the offset in it; undefined when there is no file yet. */
  file: LogFile | undefined;
  offset: number;
  follow: boolean;
  /** The newest file and its size when the read was planned: a read that does not follow ends there. */
  until: { key: string; size: number } | undefined;
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
  #head: Head = { length: 0, hash: '' };
  #prefix = '';
  /** The file's size when it was last looked at. */
  #seenSize = 0;
  /** Whether the file may have been truncated and written anew since the last look (invariant 2). */
  #doubtful = false;
  #successor: string | undefined;
  /** How far the end of a very long line was searched for in vain. */
  #searched = { line: -1, to: 0 };
  /** Files that stand before the current one. */
  #older = new Set<string>();

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
      if (this.#plan.file !== undefined) yield await this.#begin(this.#plan.file, this.#plan.offset);
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
      await this.#file?.close();
    }
  }

  async #openNewest(): Promise<LogFile | undefined> {
    const newest = await this.#chain.newest();
    return newest === undefined ? undefined : await LogFile.open(newest.path);
  }

  async #begin(file: LogFile, offset: number): Promise<Piece> {
    if (this.#file !== file) await this.#file?.close();
    this.#file = file;
    this.#offset = offset;
    this.#head = await file.head(0);
    this.#prefix = filePrefix(this.#letter, file, this.#head);
    this.#doubtful = false;
    this.#successor = undefined;
    this.#searched = { line: -1, to: 0 };
    this.#waiter.forget();
    this.#seenSize = (await file.stat()).size;
    await this.#describe(file, this.#seenSize);
    const list = await this.#chain.list();
    const own = list.findIndex((state) => file.is(state));
    this.#older = new Set(list.slice(0, Math.max(own, 0)).map(fileKey));
    return { kind: 'file', file, offset };
  }

  async *#pause(): AsyncGenerator<Piece> {
    yield { kind: 'idle' };
    if (this.#file !== undefined) this.#waiter.watch(this.#file.path);
    await this.#waiter.wait();
    this.#doubtful = true;
  }

  /** One step: hands on a chunk, or finds the end of the file and what comes after it. */
  async *#readOn(file: LogFile): AsyncGenerator<Piece, 'end' | 'more'> {
    const { size, mtimeMs } = await file.stat();
    if (size < this.#offset) return yield* this.#truncated(file);
    const planned = this.#plan.until;
    const isLast = !this.#plan.follow && planned?.key === fileKey(file);
    const stop = isLast ? Math.min(size, planned.size) : size;
    const bytes = await file.read(this.#offset, Math.min(CHUNK_BYTES, stop - this.#offset));
    if (this.#doubtful && !(await file.begins(this.#head))) return yield* this.#truncated(file);
    this.#doubtful = false;
    this.#seenSize = size;
    if (bytes.length > 0) await this.#describe(file, size);
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
    const next = (await this.#chain.list()).find((state) => fileKey(state) === this.#successor);
    const opened = next === undefined ? undefined : await LogFile.open(next.path);
    if (opened === undefined || fileKey(opened) !== this.#successor) {
      // Rotated again just now: look anew, but not in a tight loop.
      await opened?.close();
      this.#successor = undefined;
      await this.#waiter.wait();
      return 'more';
    }
    if (rest > 0) yield this.#oneLine(bytes, rest, rest, mtimeMs);
    yield await this.#begin(opened, 0);
    return 'more';
  }

  /** The key of the file that comes after this one and has begun to fill. */
  async #findSuccessor(file: LogFile): Promise<string | undefined> {
    const newest = await this.#chain.newest();
    if (newest !== undefined && file.is(newest)) return undefined;
    const list = await this.#chain.list();
    const own = list.findIndex((state) => file.is(state));
    const next = own >= 0 ? list[own + 1] : list.find((state) => !this.#older.has(fileKey(state)));
    if (next === undefined) return undefined;
    // The writer may go on in the old file until it opens the new one.
    if (this.#plan.follow && next === list.at(-1) && next.size === 0) return undefined;
    return fileKey(next);
  }

  /** The file is shorter than what was read, or begins differently. */
  async *#truncated(file: LogFile): AsyncGenerator<Piece, 'end' | 'more'> {
    const unread = Math.max(0, this.#seenSize - this.#offset);
    const copy = await findCopy(this.#chain, this.#head, this.#offset, fileKey(file));
    if (copy !== undefined) {
      yield await this.#begin(copy, this.#offset);
      return 'more';
    }
    if (unread > 0) {
      const detail = `${file.path} was truncated before its last ${unread} bytes were read`;
      yield { kind: 'gap', gap: { records: -1, bytes: unread, cause: 'TRUNCATED', detail } };
    }
    if (!this.#plan.follow) return 'end';
    yield await this.#begin(file, 0);
    return 'more';
  }

  /** Brings the cursor's prefix up to date while the file's beginning is still growing (invariant 3). */
  async #describe(file: LogFile, size: number): Promise<void> {
    if (this.#head.length >= Math.min(size, HEAD_BYTES)) return;
    this.#head = await file.head();
    this.#prefix = filePrefix(this.#letter, file, this.#head);
  }

  #lines(chunk: Buffer, length: number, mtimeMs: number, cut = false): Piece {
    const start = this.#offset;
    this.#offset += length;
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

/** The prefix of cursors in a file. */
export function filePrefix(letter: string, file: { dev: number; ino: number }, head: Head): string {
  return [letter, file.dev.toString(36), file.ino.toString(36), head.length.toString(36), head.hash].join(
    '.',
  );
}

/** Shorter beginnings are no evidence that two files are the same. */
const MIN_EVIDENCE = 16;

/**
 * Looks in a chain for the file that begins like `head` and is at least `size` long: a copy of a file that was truncated.
 * @param except the key of a file that is not meant
 */
export async function findCopy(
  chain: LogChain,
  head: Head,
  size: number,
  except: string,
): Promise<LogFile | undefined> {
  if (head.length < Math.min(MIN_EVIDENCE, size) || head.length === 0) return undefined;
  for (const state of (await chain.list()).toReversed()) {
    if (fileKey(state) === except || state.size < size) continue;
    const file = await LogFile.open(state.path);
    if (file === undefined) continue;
    if (file.is(state) && (await file.begins(head))) return file;
    await file.close();
  }
  return undefined;
}
