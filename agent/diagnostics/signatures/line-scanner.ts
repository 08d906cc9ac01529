/**
 * Finds the lines of a log in which a trouble is recognised, in one pass over its bytes. Lines are of any of the formats of
 * kernel-line.ts and journal-entry.ts, mixed as they come; nothing is made of a line before something was found in it.
 */

import { LineClock } from '../../logs/line-time.ts';
import { cutIn, joinedIn, mayBreak } from './joined-lines.ts';
import { EntryLines, FIELD_MARKS, type JournalEntry, jsonEntry, jsonHost } from './journal-entry.ts';
import { kernelLine } from './kernel-line.ts';
import { planOf } from './plan-wordings.ts';
import { type Recognised, Recogniser } from './recogniser.ts';
import type { Signature } from './signature.ts';
import { type Found, NOTHING } from './wording-index.ts';
import type { WordingPlan } from './wording-plan.ts';
import { WrappedLines } from './wrapped-lines.ts';

/** A line in which something was recognised. */
export interface Hit extends Recognised {
  /** Its number, from 1 on. */
  readonly line: number;
  /** The message, without what stands before it. */
  readonly text: string;
  /** The machine whose line it is, where the line names it. */
  readonly host: string | undefined;
  /** Wall clock, ms since the epoch, where the line says it. */
  readonly timeMs: number | undefined;
  /** Seconds since boot, where the line says them. */
  readonly uptime: number | undefined;
  /** How often it happened: more than once where a syslog daemon says that it was repeated. */
  readonly times: number;
}

/** So much of a line may hold what is recognised: what stands before a message, and its beginning. */
const MAX_LOOKED_AT = 4_096;
/** A line that is longer comes in pieces. */
const MAX_LINE = 1 << 20;
/** A line that is longer may be several in one. */
const LONG = 240;
const OPENING_BRACE = 123;
const OPENING_BRACKET = 91;
const NEWLINE = 10;
const BREAK = Buffer.from('\n');
/** Colours begin with it: what a message is, is seen when they are gone. */
const ESCAPE = 27;
const SPACE = 32;
/** "MESSAGE=" */
const CAPITAL_M = 77;

/** A message that journalctl gives as bytes, in which no text can be seen. */
const BYTES = ['"MESSAGE":[', '"MESSAGE" : ['];
const MARKS = [...BYTES, ...FIELD_MARKS];

/** How to scan. */
export interface ScanOptions {
  /** ms since the epoch: no line without a year is later than this. */
  readonly referenceMs: number;
  /** Told of each line that was recognised, in the order of the log. */
  readonly hit: (hit: Hit) => void;
}

/** The plan by which a catalogue is scanned. */
export function planForScan(signatures: readonly Signature[]): WordingPlan {
  return planOf(
    signatures.flatMap(({ lines }) => lines),
    MARKS,
  );
}

/** Compiles a catalogue for scanning; it may be used by any number of scanners. @param plan of planForScan() */
export function compileForScan(signatures: readonly Signature[], plan = planForScan(signatures)): Recogniser {
  return new Recogniser(signatures, plan);
}

/** Scans one log. */
export class LineScanner {
  /** Lines that were seen so far. */
  lines = 0;
  readonly #recogniser: Recogniser;
  readonly #hit: (hit: Hit) => void;
  readonly #clock = new LineClock();
  readonly #entry = new EntryLines();
  readonly #wrapped = new WrappedLines();
  #told = 0;
  #rest: Buffer = Buffer.alloc(0);
  /** Whether what comes goes on with the line that was seen last, which was too long to keep. */
  #goesOn = false;

  /** @param recogniser from compileForScan */
  constructor(recogniser: Recogniser, { referenceMs, hit }: ScanOptions) {
    this.#recogniser = recogniser;
    this.#hit = hit;
    this.#clock.referenceMs = referenceMs;
  }

  /** Takes more of the log. */
  push(chunk: Buffer): void {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0)
      this.#scan(
        this.#rest.length === 0
          ? chunk.subarray(0, end)
          : Buffer.concat([this.#rest, chunk.subarray(0, end)]),
      );
    const rest = chunk.subarray(end);
    this.#rest = end > 0 || this.#rest.length === 0 ? Buffer.from(rest) : Buffer.concat([this.#rest, rest]);
    while (this.#rest.length > MAX_LINE) {
      const cut = cutIn(this.#rest.subarray(0, MAX_LINE));
      this.#scan(Buffer.concat([this.#rest.subarray(0, cut), BREAK]));
      this.#rest = Buffer.from(this.#rest.subarray(cut));
      this.#goesOn = true;
    }
  }

  /** Ends the log: its last line may have no line break. */
  end(): void {
    if (this.#rest.length > 0) this.#scan(Buffer.concat([this.#rest, BREAK]));
    this.#rest = Buffer.alloc(0);
    if (this.#entry.open) this.#endEntry();
  }

  /** Whole lines. */
  #scan(bytes: Buffer): void {
    const { index } = this.#recogniser;
    let coloured = bytes.indexOf(ESCAPE);
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(NEWLINE, start);
      const told = this.#told;
      if (!this.#goesOn) this.lines++;
      this.#goesOn = false;
      if (coloured >= 0 && coloured < end) {
        this.#coloured(bytes.toString('latin1', start, end));
        coloured = bytes.indexOf(ESCAPE, end);
      } else {
        const found = index.look(bytes, start, end);
        if (found === NOTHING || !this.#line(bytes, start, end, found)) this.#nothing(bytes, start, end);
      }
      if (told === this.#told) this.#rejoin(bytes, start, end);
      else this.#wrapped.close();
      start = end + 1;
    }
    this.#wrapped.hold();
  }

  /** A line with something in it; false where that is nothing after all. */
  #line(bytes: Buffer, start: number, end: number, found: Found): boolean {
    const { candidates, marks } = found;
    let first = start;
    while (first < end && (bytes[first] as number) <= SPACE) first++;
    const json = bytes[first] === OPENING_BRACE;
    const array = bytes[first] === OPENING_BRACKET && bytes[first + 1] === OPENING_BRACE;
    let hidden = false;
    for (const mark of marks) {
      // Bytes of a message hide its texts: jsonEntry() makes a text of them.
      if (mark < BYTES.length) hidden = json || array;
      else {
        this.#entry.field(bytes.toString('latin1', start, end));
        return true;
      }
    }
    if (candidates.length === 0 && !hidden) return false;
    const object = json ? jsonEntry(bytes.subarray(first, end)) : undefined;
    const message = () =>
      (this.#entry.open || bytes[first] === CAPITAL_M) &&
      this.#entry.message(bytes.toString('latin1', start, Math.min(end, start + MAX_LOOKED_AT)), this.lines);
    if (object) this.#tell(object, this.lines, undefined);
    else if ((array || hidden) && this.#joined(bytes.toString('latin1', start, end))) return true;
    else if (candidates.length === 0) return false;
    else if (!message()) this.#plain(bytes, start, end, found);
    return true;
  }

  /** Whether it is several lines in one, which are then looked at one by one. */
  #joined(line: string): boolean {
    const parts = joinedIn(line);
    if (parts.length < 2 && parts[0] === line) return false;
    for (const part of parts) {
      const bytes = Buffer.from(part, 'latin1');
      const object = bytes[0] === OPENING_BRACE ? jsonEntry(bytes) : undefined;
      if (object) this.#tell(object, this.lines, undefined);
      else this.#tell(kernelLine(bytes, 0, bytes.length, this.#clock), this.lines, undefined);
    }
    return true;
  }

  /** A line in which nothing may be recognised. */
  #nothing(bytes: Buffer, start: number, end: number): void {
    if (this.#entry.open && this.#entry.ends(bytes.subarray(start, end))) this.#endEntry();
  }

  /** A line in which nothing was recognised may be the rest of one that was wrapped. */
  #rejoin(bytes: Buffer, start: number, end: number): void {
    const joined = this.#wrapped.next(bytes, start, end, this.lines);
    if (!joined) return;
    const told = this.#told;
    this.#plain(joined.bytes, 0, joined.bytes.length, undefined, joined.line);
    if (told !== this.#told) this.#wrapped.close();
  }

  #coloured(line: string): void {
    const bytes = Buffer.from(line.replace(/\x1b\[[0-9;]{0,20}[A-Za-z]/g, ''), 'latin1');
    this.#plain(bytes, 0, bytes.length, undefined);
  }

  #plain(bytes: Buffer, start: number, end: number, found: Found | undefined, number = this.lines): void {
    const line = kernelLine(bytes, start, end, this.#clock);
    // What a program says is its own, however many lines it has.
    const may = found?.joined !== false && line.program === undefined && number === this.lines;
    const text = () => bytes.toString('latin1', start, end);
    if (may && end - start > LONG && this.#joined(text())) return;
    const told = this.#told;
    const host = bytes[start] === OPENING_BRACE ? jsonHost(bytes.subarray(start, end)) : line.host;
    this.#tell({ ...line, host }, number, found?.candidates, line.times);
    if (!may || told !== this.#told) return;
    // Nearly all lines begin with a time and are one: to take them apart would be to look at their message again.
    const timed = line.timeMs !== undefined || bytes[start] === OPENING_BRACKET;
    if (!timed || mayBreak(line.text)) this.#joined(text());
  }

  #endEntry(): void {
    const found = this.#entry.take();
    if (found) this.#tell(found, found.line, undefined);
  }

  #tell(entry: JournalEntry, line: number, candidates: readonly number[] | undefined, times = 1): void {
    const { text, program, host, timeMs, uptime } = entry;
    const found = candidates
      ? this.#recogniser.among(candidates, text, program)
      : this.#recogniser.recognise(text, program);
    if (!found) return;
    this.#told++;
    const shown = Buffer.from(text, 'latin1').toString('utf8');
    this.#hit({ ...found, line, text: shown, host, timeMs, uptime, times });
  }
}
