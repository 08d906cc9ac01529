/** Reports for people that have a line a value: "Root delay      : 0.013639022 seconds". */

import { ChronyParseError } from './errors.ts';
import { numberOf, quoted } from './text.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The values of one such report by their names. */
export class Sheet {
  readonly #name: string;
  readonly #values = new Map<string, string>();

  /** @param name of the report, for messages. @param lines its lines; those without a colon are none of it */
  constructor(name: string, lines: readonly string[]) {
    this.#name = name;
    for (const quotedLine of lines) {
      // Notes and mails put "# ", "> " or "| " in front of what they quote.
      const line = quotedLine.replace(/^[#>|*\s]{1,8}/, '');
      const at = line.indexOf(':');
      const key = line.slice(0, at).trim().toLowerCase();
      if (at > 0 && !this.#values.has(key)) this.#values.set(key, line.slice(at + 1).trim());
    }
  }

  /** Whether it has a value of this name. */
  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** A value. @throws ChronyParseError where it is missing */
  text(key: string): string {
    const value = this.#values.get(key);
    if (value === undefined) throw new ChronyParseError(`${this.#name}: there is no "${key}"`);
    return value;
  }

  /** The number that a value begins with; its unit is not looked at. @throws ChronyParseError */
  number(key: string): number {
    const value = this.text(key);
    const word = value.split(/\s/, 1)[0] ?? '';
    return numberOf(word, () => `${this.#name}: "${key}" is ${quoted(value)}, which is no number`);
  }

  /** The same, or undefined where this version does not print it. @throws ChronyParseError */
  laterNumber(key: string): number | undefined {
    return this.has(key) ? this.number(key) : undefined;
  }

  /**
   * A number with "fast" or "slow" behind it: "0.000006523 seconds slow of NTP time". Fast is positive.
   * @throws ChronyParseError
   */
  fast(key: string): number {
    const value = this.text(key);
    const size = this.number(key);
    const match = /\b(fast|slow)\b/.exec(value);
    if (!match)
      throw new ChronyParseError(`${this.#name}: "${key}" is neither fast nor slow: ${quoted(value)}`);
    return match[1] === 'fast' || size === 0 ? size : -size;
  }

  /** "CB00710F (ntp1.example.net)": what stands before the parentheses and in them. @throws ChronyParseError */
  pair(key: string): [string, string] {
    const value = this.text(key);
    const open = value.indexOf('(');
    if (open < 0) return [value, ''];
    const close = value.indexOf(')', open);
    return [value.slice(0, open).trim(), value.slice(open + 1, close < 0 ? undefined : close).trim()];
  }

  /** "Fri Jan 27 09:49:17 2017", which is UTC, in seconds since the epoch; undefined for the epoch itself. @throws ChronyParseError */
  time(key: string): number | undefined {
    const value = this.text(key);
    const match = /^\w{3}\s+(\w{3})\s+(\d{1,2})\s+(\d\d):(\d\d):(\d\d)\s+(\d{4})/.exec(value);
    const month = MONTHS.indexOf(match?.[1] ?? '');
    if (!match || month < 0)
      throw new ChronyParseError(`${this.#name}: "${key}" is ${quoted(value)}, which is no time`);
    const [day = 0, hour = 0, minute = 0, second = 0, year = 0] = match.slice(2).map(Number);
    return Date.UTC(year, month, day, hour, minute, second) / 1_000 || undefined;
  }
}
