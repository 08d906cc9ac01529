/**
 * Lines that a mail program or a forum has wrapped: the beginning of a line of a log, and the rest of its message on the lines
 * below, without a time before it and with the same marks of a quotation. Nothing may be recognised in either, and something in
 * both together.
 */

/** Nobody wraps what is shorter: with its next word a line would have been longer than this. */
const NARROWEST = 60;
/** Mail programs wrap at 72 to 80 characters; quoting makes a line longer. */
const WIDEST = 110;
/** No message is wrapped into more lines. */
const MAX_PARTS = 4;

const MARKS = /^(?:> ?)*/;
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
/** The beginning of a line of a log, which has a time. */
const BEGINS = new RegExp(
  `^(?:<\\d{1,3}>)?(?:\\[ *[+\\d]|\\[?(?:${DAY},? )?${MONTH} +\\d|\\d{4}-\\d\\d-\\d\\d[T ]|\\d\\d:\\d\\d:\\d\\d)`,
);
/** The rest of a message, which has none: neither a record nor a field of one, nor what the kernel itself indents. */
const GOES_ON = /^(?!\w{1,64}=|\d{1,4},\d|\d{10}\b|\S+ kernel: |kernel: )[\w("'/[-]/;

/** Lines that were put together. */
export interface Joined {
  readonly bytes: Buffer;
  /** The number of the first of them. */
  readonly line: number;
}

/** Puts wrapped lines together, as they come. */
export class WrappedLines {
  #bytes: Buffer | undefined;
  #start = 0;
  #end = 0;
  #line = 0;
  #parts = 0;

  /** Something was recognised in the line that came last: what comes is no rest of it. */
  close(): void {
    this.#bytes = undefined;
  }

  /** The next line, bytes[start..end), in which nothing was recognised; what it makes with those before it, where it goes on with them. */
  next(bytes: Buffer, start: number, end: number, line: number): Joined | undefined {
    // "[ 12.3", "<6>", a year, or the blank and the colon of "Jan  2 15:04:05": most lines begin anew.
    const first = bytes[start] as number;
    const anew =
      (first === 91 && (bytes[start + 1] as number) < 58) ||
      first === 60 ||
      (first > 48 && first < 58) ||
      (bytes[start + 9] === 58 && bytes[start + 3] === 32);
    if (anew) return this.#open(bytes, start, end, line);
    const rest = end - start > WIDEST ? undefined : this.#rest(bytes, start, end);
    if (rest === 'begins') return this.#open(bytes, start, end, line);
    if (rest === undefined) {
      this.close();
      return undefined;
    }
    const joined = Buffer.from(rest, 'latin1');
    this.#parts++;
    this.#bytes = joined;
    // The part that came last tells whether the next one would have fitted.
    this.#start = joined.length - (end - start);
    this.#end = joined.length;
    return { bytes: joined, line: this.#line };
  }

  /** Keeps the line that is open, whose bytes may be used for others from now on. */
  hold(): void {
    if (this.#bytes === undefined || this.#parts > 0) return;
    this.#bytes = Buffer.from(this.#bytes.subarray(this.#start, this.#end));
    this.#end -= this.#start;
    this.#start = 0;
  }

  /** The open line with this one behind it; undefined where it does not go on with it, "begins" where it is one of its own. */
  #rest(bytes: Buffer, start: number, end: number): string | undefined {
    const text = bytes.toString('latin1', start, end);
    const marks = MARKS.exec(text)?.[0] ?? '';
    const rest = text.slice(marks.length).trimEnd();
    if (BEGINS.test(rest)) return 'begins';
    const before = this.#before(marks);
    const width = this.#end - this.#start + 1 + (/^\S*/.exec(rest)?.[0].length ?? 0);
    return before !== undefined && width >= NARROWEST && GOES_ON.test(rest) ? `${before} ${rest}` : undefined;
  }

  #open(bytes: Buffer, start: number, end: number, line: number): undefined {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#line = line;
    this.#parts = 0;
  }

  /** What stands before a line with such marks; undefined where that cannot be its beginning. */
  #before(marks: string): string | undefined {
    const bytes = this.#bytes;
    if (bytes === undefined || this.#parts >= MAX_PARTS || this.#end - this.#start > WIDEST) return undefined;
    if (this.#parts > 0) return bytes.toString('latin1');
    const text = bytes.toString('latin1', this.#start, this.#end).trimEnd();
    return text.startsWith(marks) && BEGINS.test(text.slice(marks.length)) ? text : undefined;
  }
}
