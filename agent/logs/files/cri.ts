/**
 * The CRI log format of containers: `TIME stdout|stderr P|F TEXT`, where P marks a part of a line that goes on in the
 * next entry of the same stream and F its last part. Parts are joined into one record, up to the longest message.
 */

import type { LogFile } from '../../host/log-file.ts';
import type { BatchBuilder } from '../batch-builder.ts';
import { LineClock } from '../line-time.ts';
import type { Selection } from '../selection.ts';
import { type LogBatch, MAX_MESSAGE_BYTES, NO_PRIORITY } from '../types.ts';
import type { LineFormat, Lines } from './format.ts';

/** How far back the parts of an unfinished line are looked for. */
const LOOK_BACK = 256 * 1024;
/** After so many entries others have their turn. */
const LINES_SLICE = 5_000;
const NEWLINE = 10;
const SPACE = 32;

type Stream = 'stdout' | 'stderr';

/** One entry: where its text begins and what it is. Undefined for what is not in the format. */
interface Entry {
  usec: number;
  stream: Stream;
  partial: boolean;
  text: number;
}

/** A record that is whole: its text and when it was written. */
interface Joined {
  bytes: Buffer;
  start: number;
  end: number;
  usec: number;
  cut: boolean;
  stream: Stream;
}

/** The parts of a line that has not ended. */
interface Pending {
  parts: Buffer[];
  size: number;
  usec: number;
  cut: boolean;
}

/** Container logs. */
export class CriFormat implements LineFormat {
  readonly #selection: Selection;
  readonly #container: string;
  readonly #withFields: boolean;
  readonly #clock = new LineClock();
  readonly #pending = new Map<Stream, Pending>();
  #lastUsec = 0;

  /** @param container whose log it is; `withFields` whether the stream's name is wanted as the field "stream" */
  constructor(selection: Selection, options: { container: string; withFields: boolean }) {
    this.#selection = selection;
    this.#container = options.container;
    this.#withFields = options.withFields;
  }

  get lastUsec(): number {
    return this.#lastUsec;
  }

  /** In the middle of a file, unfinished lines before the offset belong to records behind it. */
  async begin(file: LogFile, offset: number): Promise<void> {
    // A line that goes over the end of a rotated file goes on at the start of the next one.
    if (offset === 0) return;
    this.#pending.clear();
    const from = Math.max(0, offset - LOOK_BACK);
    const before = await file.read(from, offset - from);
    let start = from === 0 ? 0 : before.indexOf(NEWLINE) + 1;
    while (start < before.length) {
      const end = before.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.#join(before, start, end, false);
      start = end + 1;
    }
  }

  #entry(chunk: Buffer, start: number, end: number): Entry | undefined {
    const space = chunk.indexOf(SPACE, start);
    if (space < 0 || space + 10 > end) return undefined;
    const stream = chunk[space + 4] === 111 ? 'stdout' : 'stderr'; // "stdout" or "stderr": the fourth letter
    const tag = chunk[space + 8];
    const known = chunk[space + 1] === 115 && chunk[space + 7] === SPACE && (tag === 80 || tag === 70);
    if (!known) return undefined;
    const usec = this.#clock.read(chunk, start, space);
    if (Number.isNaN(usec)) return undefined;
    // The tag may be followed by others, separated by colons.
    let text = space + 9;
    while (text < end && chunk[text] !== SPACE) text++;
    return { usec, stream, partial: tag === 80, text: Math.min(text + 1, end) };
  }

  /** Takes an entry in; gives the record that it completes. What is not in the format is a record of its own. */
  #join(chunk: Buffer, start: number, end: number, cut: boolean): Joined | undefined {
    const entry = this.#entry(chunk, start, end);
    if (entry === undefined) return { bytes: chunk, start, end, usec: this.#lastUsec, cut, stream: 'stdout' };
    this.#lastUsec = entry.usec;
    const pending = this.#pending.get(entry.stream);
    const { text, usec, stream } = entry;
    if (pending === undefined && !entry.partial) return { bytes: chunk, start: text, end, usec, cut, stream };
    const parts = pending ?? { parts: [], size: 0, usec, cut: false };
    const room = Math.min(end - text, MAX_MESSAGE_BYTES - parts.size);
    // A copy: the chunk is not kept for the sake of a part of it.
    if (room > 0) parts.parts.push(Buffer.from(chunk.subarray(text, text + room)));
    parts.size += Math.max(room, 0);
    parts.cut ||= cut || room < end - text;
    if (entry.partial) {
      this.#pending.set(stream, parts);
      return undefined;
    }
    this.#pending.delete(stream);
    const bytes = Buffer.concat(parts.parts);
    return { bytes, start: 0, end: bytes.length, usec: parts.usec, cut: parts.cut, stream };
  }

  whole(): LogBatch | undefined {
    return undefined;
  }

  take(lines: Lines, from: number, builder: BatchBuilder): number {
    const { chunk } = lines;
    let start = from;
    for (let count = 0; start < chunk.length; count++) {
      if (builder.full || count >= LINES_SLICE || this.#selection.matcher?.tired) return start;
      const end = chunk.indexOf(NEWLINE, start);
      const joined = this.#join(chunk, start, end, lines.cut);
      if (joined !== undefined && this.#wants(joined)) {
        const position = lines.cut ? lines.end : Math.min(lines.start + end + 1, lines.end);
        const make = () => ({ identifier: this.#container, unit: '', pid: 0 });
        const origin = builder.origin('', make);
        builder.add(
          joined.bytes,
          joined.start,
          joined.end,
          joined.usec,
          position,
          NO_PRIORITY,
          origin,
          joined.cut,
        );
        if (this.#withFields) builder.addFields({ stream: Buffer.from(joined.stream) });
      }
      start = end + 1;
    }
    return start;
  }

  #wants({ bytes, start, end, usec }: Joined): boolean {
    return this.#selection.admits(usec, NO_PRIORITY) && this.#selection.matches(bytes, start, end);
  }

  /** Each line has its own time. */
  async timeBefore(): Promise<number> {
    return 0;
  }

  starts(lines: Lines): number[] {
    const { chunk } = lines;
    const found: number[] = [];
    this.#pending.clear();
    let record = 0;
    for (let start = 0; start < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, start);
      const joined = this.#join(chunk, start, end, false);
      if (joined !== undefined && this.#wants(joined)) found.push(record);
      start = end + 1;
      // Where no line is under way a record begins; else the earliest part that is not finished yet.
      if (this.#pending.size === 0) record = start;
    }
    this.#pending.clear();
    return found;
  }

  align(chunk: Buffer, from: number): number {
    this.#pending.clear();
    for (let start = from; start < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      const entry = this.#entry(chunk, start, end);
      if (entry === undefined || !entry.partial) return end + 1;
      start = end + 1;
    }
    return -1;
  }
}
