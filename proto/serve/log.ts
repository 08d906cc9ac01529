/** What the serving side needs of a logger; a pino logger is one. */

/** Writes one line: fields first, then the message. */
export type LogLine = (fields: object, message: string) => void;

/** A logger of leveled lines. */
export interface Log {
  debug: LogLine;
  info: LogLine;
  warn: LogLine;
  error: LogLine;
}

/** Lines that are alike can have this share of a bounded log, so that one who floods it hides nobody else. */
const ALIKE = 1 / 4;

/**
 * Lets at most `most` lines through in each `everyMs`. Of those that are held back the last one is written when the time is over,
 * with the count of the others.
 */
export class BoundedLog {
  readonly #line: LogLine;
  readonly #most: number;
  readonly #everyMs: number;
  readonly #now: () => number;
  #since = Number.NEGATIVE_INFINITY;
  #written = 0;
  /** How many lines of each kind were written. */
  readonly #alike = new Map<string, number>();
  #held: { fields: object; message: string; others: number } | undefined;
  #end: NodeJS.Timeout | undefined;

  constructor(line: LogLine, most: number, everyMs: number, now: () => number = Date.now) {
    this.#line = line;
    this.#most = most;
    this.#everyMs = everyMs;
    this.#now = now;
  }

  /**
   * Writes the line, or holds it back when there were too many lately. The count of those held back travels as `unlogged`.
   * @param kind what lines have in common that are alike; empty for lines that may fill the log
   */
  write(fields: object, message: string, kind = ''): void {
    const now = this.#now();
    // A clock that was set back begins anew as well.
    if (Math.abs(now - this.#since) >= this.#everyMs) this.#begin(now);
    const alike = this.#alike.get(kind) ?? 0;
    if (this.#written >= this.#most || (kind !== '' && alike >= this.#most * ALIKE)) {
      this.#held = { fields, message, others: this.#held ? this.#held.others + 1 : 0 };
      this.#end ??= setTimeout(() => this.#begin(this.#now()), this.#everyMs).unref();
      return;
    }
    this.#written++;
    this.#alike.set(kind, alike + 1);
    this.#line(fields, message);
  }

  /** Begins another stretch of time, with what was held back in the one before. */
  #begin(now: number): void {
    clearTimeout(this.#end);
    this.#end = undefined;
    this.#since = now;
    this.#written = 0;
    this.#alike.clear();
    const held = this.#held;
    this.#held = undefined;
    if (!held) return;
    this.#written++;
    const { fields, message, others } = held;
    this.#line(others > 0 ? { ...fields, unlogged: others } : fields, message);
  }
}
