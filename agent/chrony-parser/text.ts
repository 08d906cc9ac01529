/** Lines, fields and values of chronyc's two forms of output: comma-separated (`-c`) and for people. */

import { ChronyParseError, replyError } from './errors.ts';

/** What chrony prints, in `-c` output, for an age that there is not: something that never happened. */
const NEVER = 4_294_967_295;

/**
 * The lines that hold something, without the space around them. Left out are the full stops that `-e` ends reports with, and
 * answers like "200 OK". @throws ChronyReplyError where a line tells an error
 */
export function linesOf(text: string): string[] {
  const lines: string[] = [];
  const all = text.split('\n').map((line) => line.trim());
  // A report that was quoted in a mail, or stands in the comments of a script.
  const mark = /^(?:>+|#)(?: +|$)/;
  const cited = all.some((line) => mark.test(line)) && all.every((line) => line === '' || mark.test(line));
  for (const raw of all) {
    const line = cited ? raw.replace(mark, '') : raw;
    if (line === '' || line === '.' || /^2\d\d [A-Za-z]/.test(line)) continue;
    const error = replyError(line);
    if (error) throw error;
    lines.push(line);
  }
  return lines;
}

/** A line cut short, for the message of an error. */
export function quoted(line: string): string {
  return JSON.stringify(line.length > 80 ? `${line.slice(0, 80)}…` : line);
}

/** The fields of a report, taken one after the other. */
export interface Fields {
  /** How many there are in all. */
  readonly count: number;
  /** The next field; empty where there are no more. */
  text(): string;
  /** The next field as a number. @throws ChronyParseError */
  number(): number;
  /** The next field as a number, or undefined where the report of this version ends before it. @throws ChronyParseError */
  laterNumber(): number | undefined;
  /** The next field as an age in seconds, or undefined for "never". @throws ChronyParseError */
  age(): number | undefined;
}

/** Reads a comma-separated line of the report `name`, which must have at least so many fields. @throws ChronyParseError */
export function csvFields(name: string, line: string, least: number): Fields {
  const fields = line.split(',');
  if (fields.length < least)
    throw new ChronyParseError(
      `${name}: ${fields.length} fields where at least ${least} are expected: ${quoted(line)}`,
    );
  return new CsvFields(name, fields);
}

class CsvFields implements Fields {
  readonly count: number;
  readonly #name: string;
  readonly #fields: readonly string[];
  #at = 0;

  constructor(name: string, fields: readonly string[]) {
    this.count = fields.length;
    this.#name = name;
    this.#fields = fields;
  }

  text(): string {
    return this.#fields[this.#at++]?.trim() ?? '';
  }

  number(): number {
    const text = this.text();
    return numberOf(text, () => `${this.#name}: field ${this.#at} is ${quoted(text)}, which is no number`);
  }

  laterNumber(): number | undefined {
    return this.#at < this.count ? this.number() : undefined;
  }

  age(): number | undefined {
    const value = this.number();
    return value === NEVER ? undefined : value;
  }
}

/** A decimal number as printf writes it. @throws ChronyParseError with the message */
export function numberOf(text: string, message: () => string): number {
  if (/^[+-]?(\d{1,400}(\.\d{0,400})?|\.\d{1,400})(e[+-]?\d{1,4})?$/i.test(text)) return Number(text);
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  throw new ChronyParseError(message());
}

/** Whether a line is comma-separated with at least so many fields: no line for people has that many commas. */
export function isCsv(line: string, least: number): boolean {
  return line.split(',', least).length >= least;
}

/** Seconds in the units that print_nanoseconds and print_seconds of client.c use. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  '': 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  y: 365 * 86_400,
};

/** "-479ns", "+1.5s", "46m" in seconds; a number alone is in seconds. @throws ChronyParseError */
export function duration(text: string): number {
  const match = /^([+-]?\d{1,30}(?:\.\d{1,30})?)(ns|us|µs|ms|s|m|h|d|y|)$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''] ?? 1;
  if (!match) throw new ChronyParseError(`${quoted(text)} is no time with a unit`);
  // Dividing by 1e9 rounds better than multiplying by 1e-9: 3ns is 3e-9.
  return unit < 1 ? Number(match[1]) / Math.round(1 / unit) : Number(match[1]) * unit;
}

/** An age as print_seconds writes it: "35", "12m", "-" for never. @throws ChronyParseError */
export function age(text: string): number | undefined {
  return text === '-' ? undefined : duration(text);
}

/** The columns of a table's row: taken off its end, so that names may be of any length. */
export class Columns {
  readonly #line: string;
  readonly #words: string[];

  constructor(line: string) {
    this.#line = line;
    this.#words = line.split(/\s+/);
  }

  /** Takes the last word. @throws ChronyParseError where there is none */
  last(): string {
    const word = this.#words.pop();
    if (word === undefined || word === '')
      throw new ChronyParseError(`too few columns: ${quoted(this.#line)}`);
    return word;
  }

  /** Takes the last word as a number. @throws ChronyParseError */
  lastNumber(): number {
    const word = this.last();
    return numberOf(word, () => `${quoted(word)} is no number: ${quoted(this.#line)}`);
  }

  /** What is left. @throws ChronyParseError where nothing is */
  rest(): string {
    const text = this.#words.join(' ').trim();
    if (text === '') throw new ChronyParseError(`too few columns: ${quoted(this.#line)}`);
    return text;
  }
}

/**
 * The rows of a table for people: the lines behind its line of "=", or, where that was cut off, those that are no caption.
 * @param isRow tells a row from what a saved file may have around the table: captions, prompts, other reports
 */
export function tableRows(lines: readonly string[], isRow: (line: string) => boolean): string[] {
  const rule = lines.findIndex((line) => /^={10,}$/.test(line));
  return lines.slice(rule + 1).filter(isRow);
}
