/** What systemd-timesyncd says of the clock. */

import type { Leap } from '../../chrony-parser/mod.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { whereItRuns } from './daemons.ts';

/** The state of systemd-timesyncd. Its last measurement is undefined where it has had no answer. */
export interface Timesyncd {
  /** Name of the server that is asked, or its address; empty where there is none. */
  readonly server: string;
  /** Answers since it began with this server. */
  readonly packets: number;
  readonly leap: Leap;
  readonly stratum: number | undefined;
  /** In seconds. */
  readonly rootDistance: number | undefined;
  /** How far the clock was ahead at the last measurement, in seconds. timedatectl has the opposite sign. */
  readonly offset: number | undefined;
  readonly delay: number | undefined;
  readonly jitter: number | undefined;
  /** How fast the clock would gain if it were left alone, in ppm. timedatectl has the opposite sign. */
  readonly frequency: number | undefined;
  /** Seconds between polls. */
  readonly pollInterval: number | undefined;
}

/** The state of systemd-timesyncd. */
export const timesyncd = fact({
  id: 'clock.timesyncd',
  reads: ['timedatectl timesync-status', 'timedatectl show-timesync, where it was saved'],
  limitMs: 5_000,
  waits: true,
  read: (reading): Promise<Timesyncd> =>
    whereItRuns(reading, 'systemd-timesyncd', async () => {
      const { machine, signal } = reading;
      const run = (...args: string[]) => machine.run('timedatectl', args, { signal, timeoutMs: 4_000 });
      if (machine.live) {
        const { code, stdout, stderr } = await run('timesync-status');
        if (code === 0) return parseTimesyncStatus(stdout);
        throw new Unavailable('failed', `timedatectl timesync-status: ${stderr.slice(0, 200)}`);
      }
      return run('timesync-status').then(
        ({ stdout }) => parseTimesyncStatus(stdout),
        async () => {
          const all = await run('show-timesync', '--all').catch(() => run('show-timesync'));
          return parseShowTimesync(all.stdout);
        },
      );
    }),
});

const SPANS: Readonly<Record<string, number>> = {
  y: 31_557_600,
  month: 2_629_800,
  w: 604_800,
  d: 86_400,
  h: 3_600,
  min: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  μs: 1e-6,
};

/** systemd's time span, "34min 8s" or "-1.234ms", in seconds; undefined where it is none. */
export function timeSpan(text: string): number | undefined {
  const signless = text.trim().replace(/^[+-]/, '');
  if (signless === '0') return 0;
  let seconds: number | undefined;
  for (const word of signless.split(/\s+/)) {
    const match = /^(\d{1,15}(?:\.\d{1,9})?)(y|month|w|d|h|min|s|ms|us|μs)$/.exec(word);
    if (!match) return undefined;
    const unit = SPANS[match[2] ?? ''] ?? 0;
    // Dividing by 1e6 rounds better than multiplying by 1e-6.
    seconds = (seconds ?? 0) + (unit < 1 ? Number(match[1]) / Math.round(1 / unit) : Number(match[1]) * unit);
  }
  return seconds === undefined ? undefined : text.trim().startsWith('-') ? -seconds : seconds;
}

/** The numbers before a unit of their own: "+12.345ppm". */
function ppm(text: string | undefined): number | undefined {
  const match = /^([+-]?\d{1,6}(?:\.\d{1,9})?)ppm/.exec(text ?? '');
  return match ? Number(match[1]) : undefined;
}

function leapOf(text: string): Leap {
  if (/^(normal|0)$/.test(text)) return 'normal';
  if (/61 seconds|^1$/.test(text)) return 'insert';
  if (/59 seconds|^2$/.test(text)) return 'delete';
  return /not synchroni[sz]ed|^3$/.test(text) ? 'unsynchronised' : 'unknown';
}

function opposite(value: number | undefined): number | undefined {
  return value === undefined ? undefined : 0 - value;
}

/** Parses `timedatectl timesync-status`. @throws Unavailable nonsense */
export function parseTimesyncStatus(text: string): Timesyncd {
  const values = new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const at = line.indexOf(':');
      return at < 0 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]];
    }),
  );
  const server = values.get('server');
  if (server === undefined) throw new Unavailable('nonsense', 'timedatectl timesync-status names no server');
  // "185.125.190.56 (ntp.ubuntu.com)"; "n/a (n/a)" where none has been chosen yet.
  const name = /\(([^)]*)\)/.exec(server)?.[1] ?? '';
  const address = server.split(' ', 1)[0] ?? '';
  const span = (key: string) => timeSpan((values.get(key) ?? '').replace(/\s*\(.*$/, ''));
  const stratum = Number(values.get('stratum') ?? Number.NaN);
  return {
    server: [name, address].find((one) => one !== '' && !/^n\/a$|^\(?null\)?$/.test(one)) ?? '',
    packets: Number(values.get('packet count') ?? 0) || 0,
    leap: leapOf(values.get('leap') ?? ''),
    stratum: Number.isFinite(stratum) ? stratum : undefined,
    rootDistance: span('root distance'),
    offset: opposite(span('offset')),
    delay: span('delay'),
    jitter: span('jitter'),
    frequency: opposite(ppm(values.get('frequency'))),
    pollInterval: span('poll interval'),
  };
}

/** Parses `timedatectl show-timesync`, whose times have whole seconds: there is no offset in it. @throws Unavailable nonsense */
export function parseShowTimesync(text: string): Timesyncd {
  const values = new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()]];
    }),
  );
  if (
    ![...values.keys()].some((key) => /^(ServerName|PollIntervalUSec|Frequency|SystemNTPServers)$/.test(key))
  )
    throw new Unavailable('nonsense', 'timedatectl show-timesync has none of its properties');
  const message = new Map(
    (values.get('NTPMessage') ?? '').split(/[{},]/).flatMap((one): [string, string][] => {
      const [key = '', value] = one.split('=');
      return value === undefined ? [] : [[key.trim(), value.trim()]];
    }),
  );
  const rootDelay = timeSpan(message.get('RootDelay') ?? '');
  const rootDispersion = timeSpan(message.get('RootDispersion') ?? '');
  const stratum = Number(message.get('Stratum') ?? Number.NaN);
  const frequency = Number(values.get('Frequency') ?? Number.NaN);
  return {
    server: values.get('ServerName') || values.get('ServerAddress') || '',
    // Before systemd 250 there was no comma in front of it.
    packets: Number(/\bPacketCount=(\d{1,15})/.exec(values.get('NTPMessage') ?? '')?.[1] ?? 0),
    leap: leapOf(message.get('Leap') ?? ''),
    stratum: Number.isFinite(stratum) ? stratum : undefined,
    rootDistance:
      rootDelay === undefined || rootDispersion === undefined ? undefined : rootDelay / 2 + rootDispersion,
    offset: undefined,
    delay: undefined,
    jitter: timeSpan(message.get('Jitter') ?? ''),
    frequency: Number.isFinite(frequency) ? 0 - frequency / 65_536 : undefined,
    pollInterval: timeSpan(values.get('PollIntervalUSec') ?? ''),
  };
}
