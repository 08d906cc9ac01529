/**
 * Plain text files: a line is a record. Lines that begin with no time have that of the line before (a stack trace belongs to
 * its first line), and `<N>` in front is the priority as syslog writes it.
 */

import type { LogFile } from '../../host/log-file.ts';
import type { BatchBuilder } from '../batch-builder.ts';
import { LineClock } from '../line-time.ts';
import type { Selection } from '../selection.ts';
import { type LogBatch, MAX_MESSAGE_BYTES, NO_PRIORITY } from '../types.ts';
import type { LineFormat, Lines } from './format.ts';

/** How far back a line's time is looked for. */
const LOOK_BACK = 64 * 1024;
/** After so many lines the work makes a pause when nothing was found, so that others have their turn. */
const LINES_SLICE = 20_000;
const NEWLINE = 10;

/** The priority in `<N>` at a place, or NO_PRIORITY. N is facility * 8 + priority, at most 191. */
function linePriority(bytes: Buffer, start: number): number {
  if (bytes[start] !== 60) return NO_PRIORITY;
  let value = 0;
  for (let at = start + 1; at < start + 5; at++) {
    const digit = (bytes[at] ?? 0) - 48;
    if (digit === 62 - 48 && at > start + 1) return value <= 191 ? value & 7 : NO_PRIORITY;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return NO_PRIORITY;
}

/** Plain lines. */
export class PlainFormat implements LineFormat {
  readonly #selection: Selection;
  readonly #clock = new LineClock();
  #lastUsec = 0;

  constructor(selection: Selection) {
    this.#selection = selection;
  }

  get lastUsec(): number {
    return this.#lastUsec;
  }

  async begin(file: LogFile, offset: number): Promise<void> {
    // The first lines of a new file go on where the file before it ended.
    if (offset > 0 || this.#lastUsec === 0) this.#lastUsec = await this.#timeAt(file, offset);
    else this.#clock.referenceMs = (await file.stat()).mtimeMs;
  }

  async timeBefore(file: LogFile, offset: number): Promise<number> {
    return this.#selection.messageOnly ? 0 : await this.#timeAt(file, offset);
  }

  /** The time of the lines before an offset, or of the file where they have none. */
  async #timeAt(file: LogFile, offset: number): Promise<number> {
    const from = Math.max(0, offset - LOOK_BACK);
    const { mtimeMs } = await file.stat();
    this.#clock.referenceMs = mtimeMs;
    const before = await file.read(from, offset - from);
    const usec = this.#before(before, before.length);
    return Number.isNaN(usec) ? Math.round(mtimeMs * 1000) : usec;
  }

  /** The time of the last line before `end` that has one, not further back than LOOK_BACK; NaN when there is none. */
  #before(chunk: Buffer, end: number): number {
    let stop = end;
    while (stop > 0 && end - stop < LOOK_BACK) {
      const start = stop < 2 ? 0 : chunk.lastIndexOf(NEWLINE, stop - 2) + 1;
      const usec = this.#clock.read(chunk, start, stop - 1);
      if (!Number.isNaN(usec)) return usec;
      stop = start;
    }
    return Number.NaN;
  }

  whole(lines: Lines): LogBatch | undefined {
    if (!this.#selection.everything || lines.cut) return undefined;
    this.#clock.referenceMs = lines.mtimeMs;
    const { chunk } = lines;
    const timeDeltas: number[] = [];
    const positionDeltas: number[] = [];
    let priorities: Buffer | undefined;
    let usec = this.#lastUsec;
    let baseUsec = usec;
    let moving = false;
    for (let start = 0; start < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end - start > MAX_MESSAGE_BYTES) return undefined;
      const own = this.#clock.read(chunk, start, end);
      const next = Number.isNaN(own) ? usec : own;
      if (start === 0) baseUsec = usec = next;
      else if (next !== usec) moving = true;
      timeDeltas.push(next - usec);
      usec = next;
      if (chunk[start] === 60) {
        const priority = linePriority(chunk, start);
        // A line has at least its newline, so there are no more records than bytes.
        if (priority !== NO_PRIORITY && priorities === undefined)
          priorities = Buffer.alloc(chunk.length, NO_PRIORITY);
        if (priorities !== undefined) priorities[positionDeltas.length] = priority;
      }
      // The last line of a file may lack its newline, which then takes no byte of it.
      positionDeltas.push(Math.min(end + 1, lines.end - lines.start) - start);
      start = end + 1;
    }
    this.#lastUsec = usec;
    return {
      count: positionDeltas.length,
      text: chunk,
      lengths: [],
      timeDeltas: moving ? timeDeltas : [],
      baseUsec,
      priorities: priorities?.subarray(0, positionDeltas.length) ?? Buffer.alloc(0),
      originIndex: [],
      origins: [],
      cursorPrefix: lines.prefix,
      positionDeltas,
      basePosition: lines.start,
      fields: [],
      truncated: [],
    };
  }

  take(lines: Lines, from: number, builder: BatchBuilder): number {
    this.#clock.referenceMs = lines.mtimeMs;
    return this.#selection.matcher === undefined || lines.cut
      ? this.#takeEach(lines, from, builder)
      : this.#takeMatching(lines, from, builder);
  }

  #takeEach(lines: Lines, from: number, builder: BatchBuilder): number {
    const { chunk } = lines;
    let start = from;
    for (let count = 0; start < chunk.length; count++) {
      if (builder.full || count >= LINES_SLICE) return start;
      const end = chunk.indexOf(NEWLINE, start);
      const own = this.#clock.read(chunk, start, end);
      if (!Number.isNaN(own)) this.#lastUsec = own;
      this.#add(lines, start, end, this.#lastUsec, builder);
      start = end + 1;
    }
    return start;
  }

  #takeMatching(lines: Lines, from: number, builder: BatchBuilder): number {
    const { chunk } = lines;
    const { matcher } = this.#selection;
    let at = from;
    while (at < chunk.length && matcher !== undefined) {
      if (builder.full) return at;
      const start = matcher.findLine(chunk, at);
      if (start < 0) return -1 - start;
      if (start >= chunk.length) break;
      const end = chunk.indexOf(NEWLINE, start);
      const own = this.#before(chunk, end + 1);
      const usec = Number.isNaN(own) ? this.#lastUsec : own;
      this.#add(lines, start, end, usec, builder);
      at = end + 1;
    }
    const last = this.#before(chunk, chunk.length);
    if (!Number.isNaN(last)) this.#lastUsec = last;
    return chunk.length;
  }

  #add(lines: Lines, start: number, end: number, usec: number, builder: BatchBuilder): void {
    const priority = linePriority(lines.chunk, start);
    if (!this.#selection.admits(usec, priority)) return;
    if (lines.cut && !this.#selection.matches(lines.chunk, start, end)) return;
    const position = lines.cut ? lines.end : Math.min(lines.start + end + 1, lines.end);
    builder.add(lines.chunk, start, end, usec, position, priority, 0, lines.cut);
  }

  starts(lines: Lines, beforeUsec: number): number[] {
    this.#clock.referenceMs = lines.mtimeMs;
    const { chunk } = lines;
    const found: number[] = [];
    let usec = beforeUsec;
    for (let start = 0; start < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, start);
      if (!this.#selection.messageOnly) {
        const own = this.#clock.read(chunk, start, end);
        if (!Number.isNaN(own)) usec = own;
      }
      const wanted = this.#selection.messageOnly || this.#selection.admits(usec, linePriority(chunk, start));
      if (wanted && this.#selection.matches(chunk, start, end)) found.push(start);
      start = end + 1;
    }
    return found;
  }

  align(_chunk: Buffer, from: number): number {
    return from;
  }
}
