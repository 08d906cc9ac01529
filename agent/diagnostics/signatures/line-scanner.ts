/**
 * Finds the lines of a log in which a trouble is recognised, in one pass over its bytes. Lines are of any of the formats of
 * kernel-line.ts and journal-entry.ts, mixed as they come; nothing is made of a line before an anchor was found in it.
 */

import { LineClock } from '../../logs/line-time.ts';
import { EntryLines, FIELD_MARKS, type JournalEntry, jsonEntry } from './journal-entry.ts';
import { kernelLine } from './kernel-line.ts';
import { type Recognised, Recogniser } from './recogniser.ts';
import type { Signature } from './signature.ts';

/** A line in which something was recognised. */
export interface Hit extends Recognised {
  /** Its number, from 1 on. */
  readonly line: number;
  /** The message, without what stands before it. */
  readonly text: string;
  /** Wall clock, ms since the epoch, where the line says it. */
  readonly timeMs: number | undefined;
  /** Seconds since boot, where the line says them. */
  readonly uptime: number | undefined;
  /** How often it happened: more than once where a syslog daemon says that it was repeated. */
  readonly times: number;
}

/** So much of a line may hold what is recognised: what stands before a message, and its beginning. */
const MAX_LOOKED_AT = 4_096;
/** More of a line is passed over. */
const MAX_LINE = 1 << 20;
/** Anchors of one line beyond these are not tried. */
const MAX_ANCHORS = 256;
const OPENING_BRACE = 123;
const SPACE = 32;
/** "MESSAGE=" */
const CAPITAL_M = 77;

const ESCAPE = '\x1b[';
/** A message that journalctl gives as bytes, in which no anchor can be seen. */
const BYTES = ['"MESSAGE":[', '"MESSAGE" : ['];
const MARKS = [ESCAPE, ...BYTES, ...FIELD_MARKS];
const BYTES_MARKS = [1, 2];

/** How to scan. */
export interface ScanOptions {
  /** ms since the epoch: no line without a year is later than this. */
  readonly referenceMs: number;
  /** Told of each line that was recognised, in the order of the log. */
  readonly hit: (hit: Hit) => void;
}

/** Compiles a catalogue for scanning; it may be used by any number of scanners. */
export function compileForScan(signatures: readonly Signature[]): Recogniser {
  return new Recogniser(signatures, MARKS);
}

/** Scans one log. */
export class LineScanner {
  /** Lines that were seen so far. */
  lines = 0;
  readonly #recogniser: Recogniser;
  readonly #hit: (hit: Hit) => void;
  readonly #clock = new LineClock();
  readonly #entry = new EntryLines();
  readonly #firstMark: number;
  #rest: Buffer = Buffer.alloc(0);
  /** Whether what comes is of a line of which enough was seen. */
  #skipping = false;

  /** @param recogniser from compileForScan */
  constructor(recogniser: Recogniser, { referenceMs, hit }: ScanOptions) {
    this.#recogniser = recogniser;
    this.#firstMark = recogniser.anchors;
    this.#hit = hit;
    this.#clock.referenceMs = referenceMs;
  }

  /** Takes more of the log. */
  push(chunk: Buffer): void {
    let part = chunk;
    if (this.#skipping) {
      const end = part.indexOf(10);
      if (end < 0) return;
      this.#skipping = false;
      part = part.subarray(end + 1);
    }
    const end = part.lastIndexOf(10) + 1;
    if (end > 0)
      this.#scan(
        this.#rest.length === 0 ? part.subarray(0, end) : Buffer.concat([this.#rest, part.subarray(0, end)]),
      );
    const rest = part.subarray(end);
    this.#rest = end > 0 || this.#rest.length === 0 ? Buffer.from(rest) : Buffer.concat([this.#rest, rest]);
    if (this.#rest.length <= MAX_LINE) return;
    this.#scan(Buffer.concat([this.#rest.subarray(0, MAX_LINE), Buffer.from('\n')]));
    this.#rest = Buffer.alloc(0);
    this.#skipping = true;
  }

  /** Ends the log: its last line may have no line break. */
  end(): void {
    if (this.#rest.length > 0) this.#scan(Buffer.concat([this.#rest, Buffer.from('\n')]));
    this.#rest = Buffer.alloc(0);
    if (this.#entry.open) this.#endEntry();
  }

  /** Whole lines. */
  #scan(bytes: Buffer): void {
    const { table } = this.#recogniser;
    const { classes, next, firstSpecial, newline } = table;
    const anchors: number[] = [];
    let start = 0;
    let state = 0;
    for (let at = 0; at < bytes.length; at++) {
      state = next[state + (classes[bytes[at] as number] as number)] as number;
      if (state < firstSpecial) continue;
      if (state !== newline) {
        if (anchors.length < MAX_ANCHORS) anchors.push(...table.found(state));
        continue;
      }
      this.lines++;
      if (anchors.length > 0) {
        this.#line(bytes, start, at, anchors);
        anchors.length = 0;
      } else if (this.#entry.open && this.#entry.ends(bytes.subarray(start, at))) this.#endEntry();
      start = at + 1;
    }
  }

  /** A line with an anchor or a mark in it. */
  #line(bytes: Buffer, start: number, end: number, anchors: readonly number[]): void {
    if (anchors.some((one) => one >= this.#firstMark) && this.#marked(bytes, start, end, anchors)) return;
    let first = start;
    while (first < end && (bytes[first] as number) <= SPACE) first++;
    if (bytes[first] === OPENING_BRACE && end - first > 2) {
      const found = jsonEntry(bytes.subarray(first, end));
      if (found) {
        this.#tell(found, this.lines, undefined);
        return;
      }
    }
    const line = bytes.toString('latin1', start, Math.min(end, start + MAX_LOOKED_AT));
    const candidates = this.#recogniser.candidates(anchors, line);
    if (candidates.length === 0) {
      if (this.#entry.open && this.#entry.ends(bytes.subarray(start, end))) this.#endEntry();
      return;
    }
    if ((this.#entry.open || bytes[first] === CAPITAL_M) && this.#entry.message(line, this.lines)) return;
    this.#plain(bytes, start, end, candidates);
  }

  /** A line with a mark in it: coloured, a field of an entry, or a message as bytes. Whether that is all that it is. */
  #marked(bytes: Buffer, start: number, end: number, anchors: readonly number[]): boolean {
    const marks = anchors.filter((one) => one >= this.#firstMark).map((one) => one - this.#firstMark);
    if (marks.includes(0)) {
      const plain = bytes.toString('latin1', start, end).replace(/\x1b\[[0-9;]{0,20}[A-Za-z]/g, '');
      const copy = Buffer.from(plain, 'latin1');
      this.#plain(copy, 0, copy.length, undefined);
      return true;
    }
    // Bytes of a message hide its anchors, and hold none of their own: jsonEntry() makes a text of them.
    if (marks.some((one) => BYTES_MARKS.includes(one))) return false;
    this.#entry.field(bytes.toString('latin1', start, end));
    return true;
  }

  #plain(bytes: Buffer, start: number, end: number, candidates: readonly number[] | undefined): void {
    const line = kernelLine(bytes, start, end, this.#clock);
    this.#tell(line, this.lines, candidates, line.times);
  }

  #endEntry(): void {
    const found = this.#entry.take();
    if (found) this.#tell(found, found.line, undefined);
  }

  #tell(entry: JournalEntry, line: number, candidates: readonly number[] | undefined, times = 1): void {
    const { text, program, timeMs, uptime } = entry;
    const found = candidates
      ? this.#recogniser.among(candidates, text, program)
      : this.#recogniser.recognise(text, program);
    if (!found) return;
    const shown = Buffer.from(text, 'latin1').toString('utf8');
    this.#hit({ ...found, line, text: shown, timeMs, uptime, times });
  }
}
