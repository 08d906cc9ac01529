/** `chronyc -c -m`: several reports of one run, which stand there without anything between them. */

import { ChronyParseError, type ChronyReplyError, replyError } from './errors.ts';
import { quoted } from './text.ts';

/** Reports that can be told apart by how many fields their lines have, in chrony 3.0 and later. */
const FIELDS = {
  tracking: (count: number) => count === 14,
  sources: (count: number) => count === 10,
  sourcestats: (count: number) => count === 8,
  selectdata: (count: number) => count === 18,
  authdata: (count: number) => count === 10,
  activity: (count: number) => count === 5,
  ntpdata: (count: number) => count >= 32,
  serverstats: (count: number) => [5, 8, 11, 17].includes(count),
  rtcdata: (count: number) => count === 6,
  smoothing: (count: number) => count === 7,
};

/** A report that {@linkcode splitReports} can tell from others. */
export type ReportName = keyof typeof FIELDS;

/** The reports that a run gave, and what ended it. */
export interface SplitReports {
  /** The text of each report, empty where it has no lines. A report that is not in it was not given. */
  readonly reports: ReadonlyMap<ReportName, string>;
  /** The report that chronyc could not give, with its error: it gives none after that one. */
  readonly failed: { readonly name: ReportName; readonly error: ChronyReplyError } | undefined;
}

/**
 * Takes the output of `chronyc -c -m` apart. Lines are told apart by how many fields they have, so reports that stand next to
 * each other must differ in that: `tracking`, `sources`, `sourcestats`, `activity` do. With `-e` (chrony 4.4) its full stops
 * are used instead.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseActivity, splitReports } from 'chrony-parser';
 *
 * // chronyc -c -m sourcestats activity serverstats
 * const { reports, failed } = splitReports('10.0.0.1,8,3,30,0.002,0.400,0.000000072,0.000003000\n1,0,0,0,0\n501 Not authorised\n', [
 *   'sourcestats',
 *   'activity',
 *   'serverstats',
 * ]);
 * assert.equal(parseActivity(reports.get('activity') ?? '').online, 1);
 * assert.equal(failed?.name, 'serverstats');
 * assert.equal(failed.error.code, 501);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @param names the reports that were asked for, in their order
 * @throws ChronyParseError where a line belongs to none of them
 */
export function splitReports(text: string, names: readonly ReportName[]): SplitReports {
  const lines = text.split('\n').map((line) => line.trim());
  const marked = lines.includes('.');
  const found = names.map((): string[] => []);
  let at = 0;
  let error: ChronyReplyError | undefined;
  for (const line of lines) {
    if (line === '') continue;
    error = replyError(line);
    if (error) break;
    if (line === '.') {
      at++;
      continue;
    }
    const count = line.split(',').length;
    if (!marked) at = next(names, at, count, (found[at]?.length ?? 0) > 0);
    const name = names[at];
    if (at < 0 || name === undefined || !FIELDS[name](count))
      throw new ChronyParseError(`a line of ${count} fields is in none of the reports: ${quoted(line)}`);
    found[at]?.push(line);
  }
  // Without marks an error is of the report after the last one that has lines.
  const bad = error ? (marked ? at : found.findLastIndex((of) => of.length > 0) + 1) : names.length;
  const reports = new Map<ReportName, string>();
  for (const [index, name] of names.entries())
    if (index < bad) reports.set(name, found[index]?.map((one) => `${one}\n`).join('') ?? '');
  const name = names[Math.min(bad, names.length - 1)];
  return { reports, failed: error && name !== undefined ? { name, error } : undefined };
}

/** The report that a line of so many fields belongs to: the one before, or else the first behind it that fits. -1 for none. */
function next(names: readonly ReportName[], at: number, count: number, begun: boolean): number {
  const here = names[at];
  // Reports of one line are over with it.
  if (begun && here !== undefined && FIELDS[here](count) && !SINGLE.has(here)) return at;
  return names.findIndex((name, index) => index >= (begun ? at + 1 : at) && FIELDS[name](count));
}

const SINGLE: ReadonlySet<ReportName> = new Set([
  'tracking',
  'activity',
  'serverstats',
  'rtcdata',
  'smoothing',
]);
