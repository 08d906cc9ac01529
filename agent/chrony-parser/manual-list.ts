/** `chronyc manual list`: times that were typed in with `settime`. */

import { ChronyParseError } from './errors.ts';
import { Columns, csvFields, isCsv, linesOf, quoted, tableRows } from './text.ts';

/** A time that was typed in. */
export interface ManualSample {
  readonly index: number;
  /** When, seconds since the epoch. */
  readonly time: number;
  /** How far the clock was off, adjusted to the slews since then, in seconds. */
  readonly slewedOffset: number;
  /** The same as it was then. */
  readonly originalOffset: number;
  /** Distance from the regression line, in seconds. */
  readonly residual: number;
}

const NAME = 'manual list';

/**
 * Reads `chronyc manual list`, with `-c` or as it is printed for people.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseManualList } from 'chrony-parser';
 *
 * const [one] = parseManualList('0,2015-05-31 15:10:26,0.04,0.06,-0.01\n');
 * assert.equal(one?.time, Date.UTC(2015, 4, 31, 15, 10, 26) / 1000);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where a row is not in its format
 */
export function parseManualList(text: string): ManualSample[] {
  const lines = linesOf(text);
  const csv = lines.filter((line) => isCsv(line, 3));
  if (csv.length > 0) return csv.map(fromCsv);
  const rows = tableRows(lines, (line) => /^\d+\s+\d{2,4}\S+\s+\d\d:\d\d:\d\d\s/.test(line));
  if (rows.length === 0 && lines.length > 0 && !lines.some((line) => /^#\s+Date\b/.test(line)))
    throw new ChronyParseError(`${NAME}: ${quoted(lines[0] ?? '')} is no list of times`);
  return rows.map(fromRow);
}

function fromCsv(line: string): ManualSample {
  const fields = csvFields(NAME, line, 5);
  return {
    ...{ index: fields.number(), time: timeOf(fields.text()) },
    ...{ slewedOffset: fields.number(), originalOffset: fields.number(), residual: fields.number() },
  };
}

function fromRow(line: string): ManualSample {
  const columns = new Columns(line);
  const residual = columns.lastNumber();
  const originalOffset = columns.lastNumber();
  const slewedOffset = columns.lastNumber();
  const clock = columns.last();
  const time = timeOf(`${columns.last()} ${clock}`);
  return { index: columns.lastNumber(), time, slewedOffset, originalOffset, residual };
}

/** "2015-05-31 15:10:26", which is UTC, in seconds since the epoch. */
function timeOf(text: string): number {
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text);
  if (!match) throw new ChronyParseError(`${NAME}: ${quoted(text)} is no time`);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1_000;
}
