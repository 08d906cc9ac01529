/** `chronyc selectdata`: why each source is used or not. */

import { ChronyParseError } from './errors.ts';
import { age, Columns, csvFields, duration, isCsv, linesOf, quoted, tableRows } from './text.ts';
import { type Leap, leapOf } from './words.ts';

/** Why a source is used or not, by chrony's letters: N s M d ~ w S O T x, W P U D, + and *. */
const STATES = {
  N: 'noselect',
  s: 'unsynchronised',
  M: 'missing-samples',
  d: 'too-distant',
  '~': 'jittery',
  w: 'waits-for-samples',
  S: 'stale',
  O: 'orphan',
  T: 'not-trusted',
  x: 'falseticker',
  W: 'waits-for-others',
  P: 'not-preferred',
  U: 'waits-for-update',
  D: 'too-distant-to-combine',
  '+': 'combined',
  '*': 'best',
} as const;

/**
 * Why a source is used or not. Not selectable: "noselect" to "falseticker"; selectable and not used: "waits-for-others" to
 * "too-distant-to-combine"; used: "combined" and "best".
 */
export type SelectState = (typeof STATES)[keyof typeof STATES] | 'unknown';

/** An option of a source that takes part in the selection. */
export type SelectOption = 'noselect' | 'prefer' | 'trust' | 'require';

/** Why a source is used or not. */
export interface Selectdata {
  readonly state: SelectState;
  /** Address, or name, or name of the reference clock. Tables for people cut long names, with ">" at the end. */
  readonly name: string;
  /** Whether authentication is switched on for it. */
  readonly authenticated: boolean;
  /** Options as configured. */
  readonly configuredOptions: readonly SelectOption[];
  /** Options in force. */
  readonly effectiveOptions: readonly SelectOption[];
  /** Seconds between its last sample and the selection; undefined where there was none. */
  readonly lastSampleAgo: number | undefined;
  /** Its score against the best source: above 1 it was better lately, at 10 another one is chosen. */
  readonly score: number;
  /** Bounds between which the clock is ahead of true time if this source is right, in seconds. */
  readonly low: number;
  readonly high: number;
  readonly leap: Leap;
}

const NAME = 'selectdata';
const FIELDS = 18;
const OPTIONS: Readonly<Record<string, SelectOption>> = {
  N: 'noselect',
  P: 'prefer',
  T: 'trust',
  R: 'require',
};

/**
 * Reads `chronyc selectdata`, with `-c` or as it is printed for people, with or without `-v`. It needs root, or answers with
 * 501 Not authorised.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseSelectdata } from 'chrony-parser';
 *
 * const [one] = parseSelectdata(
 *   'x,203.0.113.15,N,-,P,-,-,-,-,P,T,-,-,4,1.0,-0.061000000,0.062000000,Normal\n',
 * );
 * assert.equal(one?.state, 'falseticker');
 * assert.deepEqual(one.effectiveOptions, ['prefer', 'trust']);
 * assert.equal(one.low, -0.061);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where a row is not in its format
 */
export function parseSelectdata(text: string): Selectdata[] {
  const lines = linesOf(text);
  const csv = lines.filter((line) => isCsv(line, 3));
  if (csv.length > 0) return csv.map(fromCsv);
  const rows = tableRows(lines, (line) => /^\S\s.*\s[YN]\s+[NPTR-]{4,5}\s+[NPTR-]{4,5}\s/.test(line));
  if (rows.length === 0 && lines.length > 0 && !lines.some((line) => /^S Name\/IP/i.test(line)))
    throw new ChronyParseError(`${NAME}: ${quoted(lines[0] ?? '')} is no table of selection`);
  return rows.map(fromRow);
}

function fromCsv(line: string): Selectdata {
  const fields = csvFields(NAME, line, FIELDS);
  const five = () => optionsOf(Array.from({ length: 5 }, () => fields.text()).join(''));
  return {
    state: stateOf(fields.text()),
    name: fields.text(),
    authenticated: fields.text() === 'Y',
    configuredOptions: five(),
    effectiveOptions: five(),
    lastSampleAgo: fields.age(),
    score: fields.number(),
    low: fields.number(),
    high: fields.number(),
    leap: leapOf(fields.text()),
  };
}

function fromRow(line: string): Selectdata {
  const columns = new Columns(line.slice(1).trim());
  const leap = leapOf(columns.last());
  const high = duration(columns.last());
  const low = duration(columns.last());
  const score = columns.lastNumber();
  const lastSampleAgo = age(columns.last());
  const effectiveOptions = optionsOf(columns.last());
  const configuredOptions = optionsOf(columns.last());
  const authenticated = columns.last() === 'Y';
  return {
    state: stateOf(line[0] ?? ''),
    name: columns.rest(),
    ...{ authenticated, configuredOptions, effectiveOptions, lastSampleAgo, score, low, high, leap },
  };
}

function stateOf(letter: string): SelectState {
  return Object.hasOwn(STATES, letter) ? STATES[letter as keyof typeof STATES] : 'unknown';
}

function optionsOf(letters: string): SelectOption[] {
  return [...letters].flatMap((letter) => OPTIONS[letter] ?? []);
}
