/** What ntpd (of ntp.org, or NTPsec) says of the clock. */

import type { Leap } from '../../chrony-parser/mod.ts';
import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact, unavailable } from '../fact.ts';
import { whereItRuns } from './daemons.ts';

/** A source of ntpd. */
export interface NtpPeer {
  readonly name: string;
  /** Its own source: an address or ".GPS.". */
  readonly reference: string;
  /** By ntpq's mark: * o + - # x . and none; unknown in a table that lost its column of marks. */
  readonly state: 'best' | 'combined' | 'selectable' | 'falseticker' | 'unusable' | 'unknown';
  readonly stratum: number;
  /** Seconds between polls. */
  readonly pollSeconds: number;
  /** The last eight polls, a bit each. */
  readonly reach: number;
  /** Seconds since the last answer; undefined for never. */
  readonly ago: number | undefined;
  /** Round-trip time, in seconds. */
  readonly delay: number;
  /** How far the clock is ahead of it, in seconds. ntpq has the opposite sign, and milliseconds. */
  readonly offset: number;
  readonly jitter: number;
}

/** The state of ntpd. */
export interface Ntpd {
  readonly version: string;
  readonly leap: Leap;
  /** Undefined where a table that lost its marks is all there is. */
  readonly synchronised: boolean | undefined;
  readonly stratum: number | undefined;
  /** The reference by its identifier: an address or a name of a clock. */
  readonly reference: string;
  /** How far the clock is ahead, in seconds. */
  readonly offset: number | undefined;
  /** How fast the clock would gain if it were left alone, in ppm. */
  readonly frequency: number | undefined;
  readonly rootDelay: number | undefined;
  readonly rootDispersion: number | undefined;
  /** Undefined where they could not be read. */
  readonly peers: readonly NtpPeer[] | undefined;
}

const LIMITS = { timeoutMs: 4_000, maxBytes: 1 << 20 };
const MAX_LINES = 2_000;
const PEERS = [['-pn'], ['-np'], ['-p'], ['-c', 'peers']];
const VARIABLES = [
  ['-c', 'rv'],
  ['-c', 'rv 0'],
  ['-c', 'readvar'],
  ['-n', '-c', 'rv'],
];

/** The state of ntpd. */
export const ntpd = fact({
  id: 'clock.ntpd',
  reads: ['ntpq -c rv', 'ntpq -pn'],
  limitMs: 6_000,
  waits: true,
  read: (reading): Promise<Ntpd> =>
    whereItRuns(reading, 'ntpd', async () => {
      const { machine, signal } = reading;
      const [variables, peers] = await Promise.allSettled([
        firstOf(machine, VARIABLES, signal).then(parseVariables),
        firstOf(machine, PEERS, signal).then(parsePeers),
      ]);
      if (variables.status === 'rejected') {
        // sosreport saves the table alone.
        if (machine.live) throw variables.reason;
        if (peers.status === 'rejected')
          throw unavailable(variables.reason).kind === 'not-captured' ? peers.reason : variables.reason;
        return { ...ofTable(peers.value), peers: peers.value };
      }
      const told = () => (peers.status === 'fulfilled' ? peers.value : Promise.reject(peers.reason));
      return { ...variables.value, peers: await reading.part('ntpq -pn', told) };
    }),
});

/** What the table of peers tells of the clock: the peer that is followed. */
function ofTable(peers: readonly NtpPeer[]): Omit<Ntpd, 'peers'> {
  const best = peers.find(({ state }) => state === 'best');
  return {
    ...{ version: '', leap: 'unknown', frequency: undefined },
    synchronised: peers.some(({ state, reach }) => state === 'unknown' && reach > 0)
      ? undefined
      : best !== undefined,
    ...{ stratum: best && best.stratum + 1, reference: best?.name ?? '', offset: best?.offset },
    ...{ rootDelay: undefined, rootDispersion: undefined },
  };
}

/** The output of the first form that was captured; a live machine is asked in the first form. @throws Unavailable */
async function firstOf(
  machine: Machine,
  forms: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<string> {
  let first: unknown;
  for (const args of forms)
    try {
      const { stdout, stderr } = await machine.run('ntpq', args, { ...LIMITS, signal });
      // ntpq tells on standard error that nobody answers, with exit status 0.
      if (stdout.trim() === '')
        throw new Unavailable('failed', `ntpq: ${stderr.slice(0, 200) || 'no answer'}`);
      return stdout;
    } catch (error) {
      first ??= error;
      if (!(error instanceof Unavailable) || error.kind !== 'not-captured') throw error;
    }
  throw first;
}

const STATES: Readonly<Record<string, NtpPeer['state']>> = {
  '*': 'best',
  o: 'best',
  '+': 'combined',
  '-': 'selectable',
  '#': 'selectable',
  x: 'falseticker',
};
/** Marks, in the first column of a row. */
const MARK = /^[ x.\-+#*o]/;

/** Parses the table of `ntpq -p`. Rows that are in two lines (-w) are joined. @throws Unavailable nonsense */
export function parsePeers(text: string): NtpPeer[] {
  const lines = text.split('\n').slice(0, MAX_LINES);
  let rule = lines.findIndex((line) => /^\s*={10,}\s*$/.test(line));
  // Some who save a table leave the rule out.
  if (rule < 0) rule = lines.findIndex((line) => /^\s*remote\s+refid\s+.*\bst t\b/.test(line));
  if (rule < 0 && /^No association ID's? returned/m.test(text)) return [];
  if (rule < 0) throw new Unavailable('nonsense', 'ntpq -p printed no table');
  // The first column is the mark, also where the table was indented when it was saved.
  const indented = Math.max(0, lines[rule]?.indexOf('=') ?? 0);
  const peers: NtpPeer[] = [];
  // In a document the mark may be escaped.
  const rows = lines.slice(rule + 1).map((raw) => raw.replace(/^(\s*)\\(?=[*+#-])/, '$1').slice(indented));
  // Pages drop what is blank at the beginning of a line: names then begin where marks did, and where no row has one, none is told.
  const unmarked =
    rows.some((row) => /^\S+\s+\S/.test(row) && !MARK.test(row)) && !rows.some((row) => /^[ +#*-]/.test(row));
  let begun = '';
  for (const raw of rows) {
    const cut = unmarked || (raw !== '' && begun === '' && !MARK.test(raw)) ? ` ${raw}` : raw;
    const whole = (begun === '' ? cut : `${begun} ${raw.trim()}`).trimEnd();
    begun = '';
    const words = whole.slice(1).trim().split(/\s+/);
    if (words.length === 1 && words[0] !== '') begun = whole;
    // A source that was not heard yet can have no reference at all.
    if (words.length === 9 && /^[a-zA-Z-]$/.test(words[2] ?? '')) words.splice(1, 0, '');
    if (words.length < 10) continue;
    const [jitter, offset, delay, reach = '', poll = '', ago = '', , stratum, ...rest] = words.reverse();
    const [reference = '', ...name] = rest;
    if (!/^[0-7]{1,6}$/.test(reach)) continue;
    peers.push({
      name: name.reverse().join(' '),
      reference,
      state: unmarked ? 'unknown' : (STATES[whole[0] ?? ''] ?? 'unusable'),
      stratum: Number(stratum) || 0,
      pollSeconds: seconds(poll) ?? 0,
      reach: Number.parseInt(reach, 8),
      ago: seconds(ago),
      delay: milli(Number(delay) || 0),
      offset: 0 - milli(Number(offset) || 0),
      jitter: milli(Number(jitter) || 0),
    });
  }
  return peers;
}

/** Milliseconds in seconds, to the nanosecond, which is as much as ntpq prints. */
function milli(value: number): number {
  return Number((value / 1_000).toFixed(9));
}

/** "64", "12m", "3h", "2d"; undefined for "-". */
function seconds(text: string): number | undefined {
  const match = /^(\d{1,9})([smhd]?)$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * ({ s: 1, m: 60, h: 3_600, d: 86_400 }[match[2] ?? ''] ?? 1);
}

/** Parses the system variables of `ntpq -c rv`. @throws Unavailable nonsense */
export function parseVariables(text: string): Omit<Ntpd, 'peers'> {
  const values = new Map<string, string>();
  for (const match of text.slice(0, 65_536).matchAll(/\b([a-z_]{2,20})=("[^"]{0,400}"|[^,\n]{0,200})/g))
    values.set(match[1] ?? '', (match[2] ?? '').replaceAll('"', '').trim());
  if (!values.has('stratum') && !values.has('leap'))
    throw new Unavailable('nonsense', 'ntpq -c rv printed none of its variables');
  const number = (key: string) => {
    const value = Number.parseFloat(values.get(key) ?? '');
    return Number.isFinite(value) ? value : undefined;
  };
  const inSeconds = (key: string) => {
    const value = number(key);
    return value === undefined ? undefined : milli(value);
  };
  const leap = leapOf(values.get('leap') ?? '');
  const stratum = number('stratum');
  const synchronised = leap !== 'unsynchronised' && (stratum ?? 16) < 16 && !/\bsync_unspec\b/.test(text);
  const offset = inSeconds('offset');
  const frequency = number('frequency');
  return {
    version: (values.get('version') ?? '').slice(0, 80),
    ...{ leap, synchronised, stratum },
    reference: values.get('refid') ?? '',
    offset: synchronised && offset !== undefined ? 0 - offset : undefined,
    frequency: frequency === undefined ? undefined : 0 - frequency,
    rootDelay: inSeconds('rootdelay'),
    rootDispersion: inSeconds('rootdisp') ?? inSeconds('rootdispersion'),
  };
}

/** The two bits of NTP, which some versions print as a number. */
function leapOf(text: string): Leap {
  switch (text) {
    case '00':
    case '0':
      return 'normal';
    case '01':
    case '1':
      return 'insert';
    case '10':
    case '2':
      return 'delete';
    case '11':
    case '3':
      return 'unsynchronised';
    default:
      return 'unknown';
  }
}
