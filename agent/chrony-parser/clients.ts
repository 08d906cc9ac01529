/** `chronyc clients`: who asks this chronyd for the time. */

import { ChronyParseError } from './errors.ts';
import { age, Columns, csvFields, type Fields, isCsv, linesOf, quoted, tableRows } from './text.ts';

/** A client of chronyd. */
export interface Client {
  /** Address, or name. Tables for people cut long names, with ">" at the end. */
  readonly name: string;
  readonly ntpPackets: number;
  /** Packets that rate limiting dropped. */
  readonly ntpDropped: number;
  /** Base-2 logarithm of the seconds between packets; undefined where it is not known. */
  readonly ntpInterval: number | undefined;
  /** The same after an answer was dropped. */
  readonly ntpLimitedInterval: number | undefined;
  /** Seconds since the last packet; undefined for never. */
  readonly ntpAgo: number | undefined;
  /** The same of commands, or, with `clients -k`, of NTS key establishments. */
  readonly otherPackets: number;
  readonly otherDropped: number;
  readonly otherInterval: number | undefined;
  readonly otherAgo: number | undefined;
}

const NAME = 'clients';
/** From here on an interval is not known (print_clientlog_interval of client.c). */
const NO_INTERVAL = 127;

/**
 * Reads `chronyc clients`, with `-c` or as it is printed for people. It needs root, or answers with 501 Not authorised; with
 * `noclientlog` in chronyd's configuration the answer is 519.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseClients } from 'chrony-parser';
 *
 * const [one] = parseClients('203.0.113.74,12,0,6,127,31,0,0,127,4294967295\n');
 * assert.equal(one?.ntpInterval, 6);
 * assert.equal(one.otherAgo, undefined);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where a row is not in its format
 */
export function parseClients(text: string): Client[] {
  const lines = linesOf(text);
  const csv = lines.filter((line) => isCsv(line, 3));
  if (csv.length > 0) return csv.map(fromCsv);
  const rows = tableRows(lines, (line) => /\s\d+\s+\d+(\s+(-|-?\d+[mhdy]?)){7}$/.test(line.slice(-200)));
  if (rows.length === 0 && lines.length > 0 && !lines.some((line) => /^Hostname\b/.test(line)))
    throw new ChronyParseError(`${NAME}: ${quoted(lines[0] ?? '')} is no table of clients`);
  return rows.map(fromRow);
}

function fromCsv(line: string): Client {
  const fields = csvFields(NAME, line, 10);
  return {
    ...{ name: fields.text(), ntpPackets: fields.number(), ntpDropped: fields.number() },
    ...{ ntpInterval: interval(fields), ntpLimitedInterval: interval(fields), ntpAgo: fields.age() },
    ...{ otherPackets: fields.number(), otherDropped: fields.number() },
    ...{ otherInterval: interval(fields), otherAgo: fields.age() },
  };
}

function interval(fields: Fields): number | undefined {
  const value = fields.number();
  return value >= NO_INTERVAL ? undefined : value;
}

function fromRow(line: string): Client {
  const columns = new Columns(line);
  const otherAgo = age(columns.last());
  const otherInterval = age(columns.last());
  const otherDropped = columns.lastNumber();
  const otherPackets = columns.lastNumber();
  const ntpAgo = age(columns.last());
  const ntpLimitedInterval = age(columns.last());
  const ntpInterval = age(columns.last());
  const ntpDropped = columns.lastNumber();
  const ntpPackets = columns.lastNumber();
  return {
    ...{ name: columns.rest(), ntpPackets, ntpDropped, ntpInterval, ntpLimitedInterval, ntpAgo },
    ...{ otherPackets, otherDropped, otherInterval, otherAgo },
  };
}
