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

/** Lets at most `most` lines through in each `everyMs`, and counts the rest for the next line that passes. */
export class BoundedLog {
  readonly #line: LogLine;
  readonly #most: number;
  readonly #everyMs: number;
  readonly #now: () => number;
  #since = Number.NEGATIVE_INFINITY;
  #written = 0;
  #dropped = 0;

  constructor(line: LogLine, most: number, everyMs: number, now: () => number = Date.now) {
    this.#line = line;
    this.#most = most;
    this.#everyMs = everyMs;
    this.#now = now;
  }

  /** Writes the line, or only counts it when there were too many lately. The count travels as `unlogged`. */
  write(fields: object, message: string): void {
    const now = this.#now();
    if (now - this.#since >= this.#everyMs) {
      this.#since = now;
      this.#written = 0;
    }
    if (this.#written >= this.#most) {
      this.#dropped++;
      return;
    }
    this.#written++;
    const unlogged = this.#dropped;
    this.#dropped = 0;
    this.#line(unlogged > 0 ? { ...fields, unlogged } : fields, message);
  }
}
