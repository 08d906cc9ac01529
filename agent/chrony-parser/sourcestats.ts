/** `chronyc sourcestats`: how steady each source is. */

import { ChronyParseError } from './errors.ts';
import { age, Columns, csvFields, duration, isCsv, linesOf, quoted, tableRows } from './text.ts';

/** How steady a source is, by a regression over its last samples. */
export interface Sourcestats {
  /** Address, or name, or name of the reference clock. Tables for people cut long names, with ">" at the end. */
  readonly name: string;
  /** Samples that are kept. */
  readonly samples: number;
  /** Runs of residuals of one sign; few of them mean that a straight line does not fit. */
  readonly runs: number;
  /** Seconds between the oldest and the newest sample; undefined without samples. */
  readonly span: number | undefined;
  /** How fast the clock gains on the source, in ppm. */
  readonly frequency: number;
  /** Bound of the frequency's error, in ppm. */
  readonly skew: number;
  /** How far the clock is estimated to be ahead of the source, in seconds. */
  readonly offset: number;
  /** Standard deviation of the samples, in seconds. */
  readonly standardDeviation: number;
}

const NAME = 'sourcestats';

/**
 * Reads `chronyc sourcestats`, with `-c` or as it is printed for people, with or without `-v`.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseSourcestats } from 'chrony-parser';
 *
 * const [one] = parseSourcestats(`
 * Name/IP Address            NP  NR  Span  Frequency  Freq Skew  Offset  Std Dev
 * ==============================================================================
 * ntp1.example.net           11   5   46m     -0.001      0.045      1us    25us
 * `);
 * assert.equal(one?.span, 46 * 60);
 * assert.equal(one.standardDeviation, 0.000025);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where a row is not in its format
 */
export function parseSourcestats(text: string): Sourcestats[] {
  const lines = linesOf(text);
  const csv = lines.filter((line) => isCsv(line, 3));
  if (csv.length > 0) return csv.map(fromCsv);
  // A row ends in two times with a unit; nothing that may stand around the table does.
  const rows = tableRows(lines, (line) => /\s[+-]?[\d.]+[a-zµ]{1,2}\s+[\d.]+[a-zµ]{1,2}$/.test(line));
  if (rows.length === 0 && lines.length > 0 && !lines.some((line) => /^Name\/IP Address\b/i.test(line)))
    throw new ChronyParseError(`${NAME}: ${quoted(lines[0] ?? '')} is no table of statistics`);
  return rows.map(fromRow);
}

function fromCsv(line: string): Sourcestats {
  const fields = csvFields(NAME, line, 8);
  return {
    name: fields.text(),
    samples: fields.number(),
    runs: fields.number(),
    span: fields.age(),
    frequency: fields.number(),
    skew: fields.number(),
    offset: fields.number(),
    standardDeviation: fields.number(),
  };
}

function fromRow(line: string): Sourcestats {
  const columns = new Columns(line);
  const standardDeviation = duration(columns.last());
  const offset = duration(columns.last());
  const skew = columns.lastNumber();
  const frequency = columns.lastNumber();
  const span = age(columns.last());
  const runs = columns.lastNumber();
  const samples = columns.lastNumber();
  return { name: columns.rest(), samples, runs, span, frequency, skew, offset, standardDeviation };
}
