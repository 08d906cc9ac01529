/** `chronyc ntpdata`: the last measurement of each NTP source, and how its packets fared. */

import { ChronyParseError } from './errors.ts';
import { Sheet } from './sheet.ts';
import { csvFields, isCsv, linesOf, quoted } from './text.ts';
import { type Leap, leapOf, timeOf, yes } from './words.ts';

/** Where the time of a packet was taken. */
export type TimestampSource = 'daemon' | 'kernel' | 'hardware' | 'unknown';

/** In which mode the source answers; "unknown" where it has not answered yet. */
export type NtpMode = 'active' | 'passive' | 'server' | 'unknown';

/** The tests that a packet has to pass, in chrony's order: 1, 2, 3, 5, 6 and 7 of RFC 5905, and chrony's own A to D. */
const TESTS = [
  'duplicate',
  'bogus',
  'timestamps',
  'authentication',
  'unsynchronised',
  'root-distance',
  'delay',
  'delay-ratio',
  'delay-deviation',
  'loop',
] as const;

/** A test that packets have to pass, by what it finds. */
export type NtpTest = (typeof TESTS)[number];

/** The last measurement of an NTP source. */
export interface Ntpdata {
  readonly remoteAddress: string;
  /** The address as a reference identifier: eight hexadecimal digits. */
  readonly remoteId: string;
  readonly remotePort: number;
  readonly localAddress: string;
  readonly localId: string;
  readonly leap: Leap;
  /** The NTP version of the answer; 0 where there was none. */
  readonly version: number;
  readonly mode: NtpMode;
  /** 0 where there was no answer. */
  readonly stratum: number;
  /** Base-2 logarithm of the seconds between polls. */
  readonly poll: number;
  /** Base-2 logarithm of the precision of the source's clock in seconds. */
  readonly precision: number;
  /** The source's round-trip time to its reference clock, in seconds. */
  readonly rootDelay: number;
  /** The source's collected error, in seconds. */
  readonly rootDispersion: number;
  /** The source's own source: eight hexadecimal digits. */
  readonly referenceId: string;
  /** The name of its reference clock, where it has one at hand (stratum 1); else empty. */
  readonly referenceName: string;
  /** When the source's clock was last set, seconds since the epoch. */
  readonly referenceTime: number | undefined;
  /** How far the clock was ahead of the source, in seconds. chronyc has the opposite sign in this report. */
  readonly offset: number;
  /** Round-trip time to the source, in seconds. */
  readonly peerDelay: number;
  /** Error of the measurement by the precision of both clocks, in seconds. */
  readonly peerDispersion: number;
  /** Time that the source took to answer, in seconds. */
  readonly responseTime: number;
  /** From -0.5 (the way there varies) to 0.5 (the way back varies). */
  readonly jitterAsymmetry: number;
  /** Tests that the last packet failed; empty where it passed all or there was none. */
  readonly failedTests: readonly NtpTest[];
  readonly interleaved: boolean;
  readonly authenticated: boolean;
  readonly txTimestamps: TimestampSource;
  readonly rxTimestamps: TimestampSource;
  /** Packets sent. */
  readonly sent: number;
  /** Packets received. */
  readonly received: number;
  /** Packets that passed the first two groups of tests. */
  readonly valid: number;
  /** Packets that gave a measurement. Undefined before chrony 4.3. */
  readonly good: number | undefined;
  /** Packets sent, and received, whose time the kernel took. Undefined before chrony 4.6. */
  readonly kernelSent: number | undefined;
  readonly kernelReceived: number | undefined;
  /** Packets sent, and received, whose time the network card took. Undefined before chrony 4.6. */
  readonly hardwareSent: number | undefined;
  readonly hardwareReceived: number | undefined;
}

const NAME = 'ntpdata';
const FIELDS = 33;

/**
 * Reads `chronyc ntpdata`, with `-c` or as it is printed for people: one entry a source. It needs root, or answers with
 * 501 Not authorised.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict';
 * import { parseNtpdata } from 'chrony-parser';
 *
 * const [one] = parseNtpdata(
 *   '203.0.113.15,CB00710F,123,203.0.113.74,CB00714A,Normal,4,Server,1,10,1024,-24,0.000000060,' +
 *     '0.000015,0.000015,47505300,GPS,1480087332.000000000,-0.000060878,0.000175634,0.000000681,' +
 *     '0.000053050,+0.00,111,111,1011,No,No,Kernel,Kernel,24,24,24,22\n',
 * );
 * assert.equal(one?.offset, 0.000060878);
 * assert.deepEqual(one.failedTests, ['delay-ratio']);
 * assert.equal(one.good, 22);
 * assert.equal(one.hardwareSent, undefined);
 * ```
 *
 * @param text what chronyc printed on standard output
 * @throws ChronyReplyError where chronyc answered with an error, ChronyParseError where it is no such report
 */
export function parseNtpdata(text: string): Ntpdata[] {
  const lines = linesOf(text);
  const csv = lines.filter((line) => isCsv(line, 3));
  if (csv.length > 0) return csv.map(fromCsv);
  const blocks: string[][] = [];
  for (const line of lines) {
    if (/^[#>|*\s]{0,8}remote address\s*:/i.test(line)) blocks.push([]);
    blocks.at(-1)?.push(line);
  }
  if (blocks.length === 0 && lines.length > 0)
    throw new ChronyParseError(`${NAME}: ${quoted(lines[0] ?? '')} is no NTP data`);
  return blocks.map((block) => fromSheet(new Sheet(NAME, block)));
}

function fromCsv(line: string): Ntpdata {
  const fields = csvFields(NAME, line, FIELDS);
  const text = () => fields.text();
  const number = () => fields.number();
  const head = {
    ...{ remoteAddress: text(), remoteId: text(), remotePort: number() },
    ...{ localAddress: text(), localId: text(), leap: leapOf(text()), version: number() },
    ...{ mode: modeOf(text()), stratum: number(), poll: number() },
  };
  fields.text(); // the poll interval in seconds
  const precision = number();
  fields.text(); // the precision in seconds
  return {
    ...head,
    precision,
    ...{ rootDelay: number(), rootDispersion: number(), referenceId: text(), referenceName: text() },
    ...{ referenceTime: timeOf(number()), offset: 0 - number(), peerDelay: number() },
    ...{ peerDispersion: number(), responseTime: number(), jitterAsymmetry: number() },
    failedTests: failedOf(text() + text() + text(), line),
    ...{ interleaved: yes(text()), authenticated: yes(text()) },
    ...{ txTimestamps: timestampsOf(text()), rxTimestamps: timestampsOf(text()) },
    ...{ sent: number(), received: number(), valid: number(), good: fields.laterNumber() },
    ...{ kernelSent: fields.laterNumber(), kernelReceived: fields.laterNumber() },
    ...{ hardwareSent: fields.laterNumber(), hardwareReceived: fields.laterNumber() },
  };
}

function fromSheet(sheet: Sheet): Ntpdata {
  const [remoteAddress, remoteId] = sheet.pair('remote address');
  const [localAddress, localId] = sheet.pair('local address');
  const [referenceId, referenceName] = sheet.pair('reference id');
  const tests = sheet.text('ntp tests').replace(/\s/g, '');
  return {
    ...{ remoteAddress, remoteId, remotePort: sheet.number('remote port'), localAddress, localId },
    leap: leapOf(sheet.text('leap status')),
    version: sheet.number('version'),
    mode: modeOf(sheet.text('mode')),
    stratum: sheet.number('stratum'),
    poll: sheet.number('poll interval'),
    precision: sheet.number('precision'),
    rootDelay: sheet.number('root delay'),
    rootDispersion: sheet.number('root dispersion'),
    ...{ referenceId, referenceName },
    referenceTime: sheet.time('reference time'),
    offset: 0 - sheet.number('offset'),
    peerDelay: sheet.number('peer delay'),
    peerDispersion: sheet.number('peer dispersion'),
    responseTime: sheet.number('response time'),
    jitterAsymmetry: sheet.number('jitter asymmetry'),
    failedTests: failedOf(tests, tests),
    interleaved: yes(sheet.text('interleaved')),
    authenticated: yes(sheet.text('authenticated')),
    txTimestamps: timestampsOf(sheet.text('tx timestamping')),
    rxTimestamps: timestampsOf(sheet.text('rx timestamping')),
    sent: sheet.number('total tx'),
    received: sheet.number('total rx'),
    valid: sheet.number('total valid rx'),
    good: sheet.laterNumber('total good rx'),
    kernelSent: sheet.laterNumber('total kernel tx'),
    kernelReceived: sheet.laterNumber('total kernel rx'),
    hardwareSent: sheet.laterNumber('total hw tx'),
    hardwareReceived: sheet.laterNumber('total hw rx'),
  };
}

function modeOf(text: string): NtpMode {
  switch (text.toLowerCase()) {
    case 'symmetric active':
      return 'active';
    case 'symmetric passive':
      return 'passive';
    case 'server':
      return 'server';
    default:
      return 'unknown';
  }
}

function timestampsOf(text: string): TimestampSource {
  const word = text.toLowerCase();
  return word === 'daemon' || word === 'kernel' || word === 'hardware' ? word : 'unknown';
}

/** "1110111011": the tests that have a 0. All zeros are a source that has not answered yet, which failed none. */
function failedOf(bits: string, line: string): NtpTest[] {
  if (!/^[01]{10}$/.test(bits))
    throw new ChronyParseError(`${NAME}: the tests are not ten bits: ${quoted(line)}`);
  return bits.includes('1') ? TESTS.filter((_, at) => bits[at] === '0') : [];
}
