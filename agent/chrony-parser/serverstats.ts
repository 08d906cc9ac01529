/** `chronyc serverstats`: what chronyd has served to others. */

import { ChronyParseError } from './errors.ts';
import { Sheet } from './sheet.ts';
import { csvFields, isCsv, linesOf } from './text.ts';

/** What chronyd has served since it was started. Counts that a version does not print are undefined. */
export interface Serverstats {
  readonly ntpReceived: number;
  /** NTP packets that rate limiting dropped. */
  readonly ntpDropped: number;
  readonly commandReceived: number;
  readonly commandDropped: number;
  /** Records of clients that were dropped because `clientloglimit` was reached. */
  readonly logDropped: number;
  /** From chrony 4.0. */
  readonly ntsKeAccepted: number | undefined;
  readonly ntsKeDropped: number | undefined;
  /** From chrony 4.0. Versions 4.4 and 4.5 count the wrong packets: undefined where the version is told to be one of them. */
  readonly authenticated: number | undefined;
  /** From chrony 4.2. */
  readonly interleaved: number | undefined;
  readonly timestampsHeld: number | undefined;
  /** In seconds. */
  readonly timestampSpan: number | undefined;
  /** From chrony 4.4. */
  readonly daemonRx: number | undefined;
  readonly daemonTx: number | undefined;
  readonly kernelRx: number | undefined;
  readonly kernelTx: number | undefined;
  readonly hardwareRx: number | undefined;
  readonly hardwareTx: number | undefined;
}

/** What may be told to {@linkcode parseServerstats}. */
export interface ServerstatsOptions {
  /** Version of chronyd, such as "4.5" or what `chronyd --version` prints. */
  readonly version?: string;
}

const NAME = 'serverstats';
/** chrony before 4.0 prints the first five. */
const LEAST = 5;

/**
 * Reads `chronyc serverstats`, with `-c` or as it is printed for people. It needs root, or answers with 501 Not authorised.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseServerstats } from 'chrony-parser';
 *
 * const text = '1598,8,2,0,0,0,0,7,1543,1,4,0,0,1598,1598,0,0\n';
 * assert.equal(parseServerstats(text, { version: '4.8' }).authenticated, 7);
 * assert.equal(parseServerstats(text, { version: '4.5' }).authenticated, undefined);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where it is no such report
 */
export function parseServerstats(text: string, options: ServerstatsOptions = {}): Serverstats {
  const lines = linesOf(text);
  const csv = lines.find((line) => isCsv(line, LEAST));
  if (csv === undefined && lines.length === 0) throw new ChronyParseError(`${NAME}: there is nothing in it`);
  const stats = csv === undefined ? fromSheet(new Sheet(NAME, lines)) : fromCsv(csv);
  // 4.4 counts the requests that it refuses (commit e11b518a, in 4.6).
  return /(^|[^.\d])4\.[45]\b/.test(options.version ?? '') ? { ...stats, authenticated: undefined } : stats;
}

function fromCsv(line: string): Serverstats {
  const fields = csvFields(NAME, line, LEAST);
  const later = () => fields.laterNumber();
  return {
    ...{ ntpReceived: fields.number(), ntpDropped: fields.number() },
    ...{ commandReceived: fields.number(), commandDropped: fields.number(), logDropped: fields.number() },
    ...{ ntsKeAccepted: later(), ntsKeDropped: later(), authenticated: later() },
    ...{ interleaved: later(), timestampsHeld: later(), timestampSpan: later() },
    ...{ daemonRx: later(), daemonTx: later(), kernelRx: later(), kernelTx: later() },
    ...{ hardwareRx: later(), hardwareTx: later() },
  };
}

function fromSheet(sheet: Sheet): Serverstats {
  const later = (key: string) => sheet.laterNumber(key);
  return {
    ntpReceived: sheet.number('ntp packets received'),
    ntpDropped: sheet.number('ntp packets dropped'),
    commandReceived: sheet.number('command packets received'),
    commandDropped: sheet.number('command packets dropped'),
    logDropped: sheet.number('client log records dropped'),
    ntsKeAccepted: later('nts-ke connections accepted'),
    ntsKeDropped: later('nts-ke connections dropped'),
    authenticated: later('authenticated ntp packets'),
    interleaved: later('interleaved ntp packets'),
    timestampsHeld: later('ntp timestamps held'),
    timestampSpan: later('ntp timestamp span'),
    daemonRx: later('ntp daemon rx timestamps'),
    daemonTx: later('ntp daemon tx timestamps'),
    kernelRx: later('ntp kernel rx timestamps'),
    kernelTx: later('ntp kernel tx timestamps'),
    hardwareRx: later('ntp hardware rx timestamps'),
    hardwareTx: later('ntp hardware tx timestamps'),
  };
}
