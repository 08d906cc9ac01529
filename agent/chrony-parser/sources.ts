/** `chronyc sources`: the sources of time, and what is thought of them. */

import { ChronyParseError } from './errors.ts';
import { age, Columns, csvFields, duration, isCsv, linesOf, quoted, tableRows } from './text.ts';

/** What a source is: an NTP server, an NTP peer, or a reference clock at this machine. */
export type SourceMode = 'server' | 'peer' | 'refclock' | 'unknown';

/**
 * What is thought of a source:
 * - "best": the clock follows it
 * - "combined": it is averaged with the best one
 * - "selectable": it could be used and is not
 * - "falseticker": it disagrees with the majority
 * - "jittery": it varies too much
 * - "unusable": not reachable, not synchronised, or not measured often enough yet
 */
export type SourceState =
  | 'best'
  | 'combined'
  | 'selectable'
  | 'falseticker'
  | 'jittery'
  | 'unusable'
  | 'unknown';

/** A source of time. */
export interface Source {
  readonly mode: SourceMode;
  readonly state: SourceState;
  /** Address, or name, or name of the reference clock. Tables for people cut long names, with ">" at the end. */
  readonly name: string;
  /** Its stratum as of the last sample; 0 where there was none. */
  readonly stratum: number;
  /** Base-2 logarithm of the seconds between polls; may be negative. */
  readonly poll: number;
  /** The last eight polls, a bit each, the latest lowest: 255 where all were answered, 0 where none was. chronyc prints it in octal. */
  readonly reach: number;
  /** Seconds since the last good sample; undefined where there never was one. */
  readonly lastSampleAgo: number | undefined;
  /** How far the clock was ahead of the source, adjusted to the slews since then, in seconds; undefined without a sample. */
  readonly offset: number | undefined;
  /** The same as it was measured; undefined without a sample. */
  readonly measuredOffset: number | undefined;
  /** Margin of error, in seconds: the root distance; undefined without a sample. */
  readonly error: number | undefined;
}

const NAME = 'sources';
const FIELDS = 10;
const MODES: Readonly<Record<string, SourceMode>> = { '^': 'server', '=': 'peer', '#': 'refclock' };
const STATES: Readonly<Record<string, SourceState>> = {
  '*': 'best',
  '+': 'combined',
  '-': 'selectable',
  x: 'falseticker',
  '~': 'jittery',
  '?': 'unusable',
};

/**
 * Reads `chronyc sources`, with `-c` or as it is printed for people, with or without `-v`. No sources are an empty list.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseSources } from 'chrony-parser';
 *
 * const [best, gone] = parseSources(
 *   '^,*,203.0.113.15,1,6,377,35,-0.000479000,-0.000621000,0.012000000\n' +
 *     '^,?,203.0.113.16,0,6,0,4294967295,0.000000000,0.000000000,0.000000000\n',
 * );
 * assert.equal(best?.state, 'best');
 * assert.equal(best.reach, 0o377);
 * assert.equal(gone?.lastSampleAgo, undefined);
 * assert.equal(gone.offset, undefined);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where a row is not in its format
 */
export function parseSources(text: string): Source[] {
  const lines = linesOf(text);
  // A prompt ("# chronyc sources") may stand around the table; a row with a state that is not known has a sample.
  const isRow = (line: string) => /^[\^=#]([*+\-x~?]\s|.\s.*\[)/.test(line);
  if (lines.some((line) => /^.,.?,/.test(line))) return lines.filter((line) => isCsv(line, 3)).map(fromCsv);
  const rows = tableRows(lines, isRow).map(fromRow);
  const begun = lines.findIndex((line) => /^MS Name/.test(line));
  const odd = lines.slice(begun + 1).find((line) => /^[\^=#]/.test(line) && !/^=+$/.test(line.trim()));
  if (rows.length === 0 && lines.length > 0 && (begun < 0 || odd !== undefined))
    throw new ChronyParseError(`${NAME}: ${quoted(lines[0] ?? '')} is no table of sources`);
  return rows;
}

function fromCsv(line: string): Source {
  const fields = csvFields(NAME, line, FIELDS);
  return complete({
    mode: MODES[fields.text()] ?? 'unknown',
    state: STATES[fields.text()] ?? 'unknown',
    name: fields.text(),
    stratum: fields.number(),
    poll: fields.number(),
    reach: octal(fields.text(), line),
    lastSampleAgo: fields.age(),
    offset: fields.number(),
    measuredOffset: fields.number(),
    error: fields.number(),
  });
}

/** "^* ntp1.example.net   1   6   377    35   -479ns[ -621ns] +/-  134ns" */
function fromRow(line: string): Source {
  const open = line.indexOf('[');
  const match = /^\[\s*(\S+?)\s*\]\s*\+\/-\s*(\S+)/.exec(line.slice(open));
  if (open < 0 || !match) throw new ChronyParseError(`${NAME}: the row has no sample: ${quoted(line)}`);
  const columns = new Columns(line.slice(2, open).trim());
  const offset = duration(columns.last());
  const lastSampleAgo = age(columns.last());
  const reach = octal(columns.last(), line);
  const poll = columns.lastNumber();
  const stratum = columns.lastNumber();
  return complete({
    mode: MODES[line[0] ?? ''] ?? 'unknown',
    state: STATES[line[1] ?? ''] ?? 'unknown',
    name: columns.rest(),
    ...{ stratum, poll, reach, lastSampleAgo, offset },
    measuredOffset: duration(match[1] ?? ''),
    error: duration(match[2] ?? ''),
  });
}

function octal(text: string, line: string): number {
  if (!/^[0-7]{1,6}$/.test(text))
    throw new ChronyParseError(`${NAME}: the reach ${quoted(text)} is not octal: ${quoted(line)}`);
  return Number.parseInt(text, 8);
}

/** Without a sample the offsets are zeros that mean nothing. */
function complete(source: Source): Source {
  if (source.lastSampleAgo !== undefined) return source;
  return { ...source, offset: undefined, measuredOffset: undefined, error: undefined };
}
