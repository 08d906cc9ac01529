/**
 * What `timedatectl` said, where it was saved, and the time zone. A live machine is not asked by it: that would start a
 * service (systemd-timedated), and the same is in files.
 */

import type { Machine } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';

/** What `timedatectl` says. */
export interface Timedatectl {
  /** Seconds since the epoch. */
  readonly universalTime: number | undefined;
  /** The hardware clock, read as UTC; seconds since the epoch. */
  readonly rtcTime: number | undefined;
  readonly rtcLocal: boolean | undefined;
  /** "Europe/Berlin"; empty where it is not told. */
  readonly zone: string;
  /** The kernel's word for it. */
  readonly synchronised: boolean | undefined;
  /** Whether a time service is switched on. */
  readonly serviceActive: boolean | undefined;
}

/** The output of `timedatectl` in the form that was saved, or undefined. */
export async function savedTimedatectl(machine: Machine): Promise<string | undefined> {
  if (machine.live) return undefined;
  for (const args of [[], ['status'], ['show']])
    try {
      return (await machine.run('timedatectl', args)).stdout;
    } catch {
      // In another form, perhaps.
    }
  return undefined;
}

/** Whether `timedatectl`, `ntpstat` or openntpd’s `ntpctl` of a captured machine says that the clock is set; undefined where neither was saved, or on a live one. */
export const toldSynchronised = fact({
  id: 'clock.told-synchronised',
  reads: ['timedatectl, ntpstat and ntpctl, on a captured machine'],
  limitMs: 1_000,
  read: async ({ machine }): Promise<boolean | undefined> => {
    const text = await savedTimedatectl(machine);
    const told = text === undefined ? undefined : parseTimedatectl(text).synchronised;
    if (told !== undefined || machine.live) return told;
    const ntpstat = await machine.run('ntpstat', []).catch(() => undefined);
    const word = /^\s*(un)?synchroni[sz]ed\b/m.exec(ntpstat?.stdout.slice(0, 4_096) ?? '');
    if (word) return word[1] === undefined;
    // "1/4 peers valid, clock synced, stratum 3", "0/4 peers valid, clock unsynced" (openntpd's ntpctl.c)
    const control = (machine.saved?.('ntpctl') ?? []).map((one) => one.text).join('\n');
    const state = /^\d{1,4}\/\d{1,4} peers valid, .{0,80}\bclock (un)?synced\b/m.exec(
      control.slice(0, 8_192),
    );
    return state ? state[1] === undefined : undefined;
  },
});

/** Whether `timedatectl` of a captured machine says that a time service is switched on; undefined where it does not tell. */
export const toldService = fact({
  id: 'clock.told-service',
  reads: ['timedatectl, on a captured machine'],
  limitMs: 1_000,
  read: async ({ machine }): Promise<boolean | undefined> => {
    const text = await savedTimedatectl(machine);
    return text === undefined ? undefined : parseTimedatectl(text).serviceActive;
  },
});

/** Parses `timedatectl` of any version since systemd 195, and `timedatectl show`. What is not in it is undefined. */
export function parseTimedatectl(text: string): Timedatectl {
  const values = new Map(
    text
      .split('\n')
      .slice(0, 200)
      .flatMap((line): [string, string][] => {
        const match = /^\s*([A-Za-z][\w. -]{1,40}?)\s*[:=]\s*(.*?)\s*$/.exec(line.slice(0, 400));
        return match ? [[(match[1] ?? '').toLowerCase(), match[2] ?? '']] : [];
      }),
  );
  const first = (...keys: string[]) => keys.map((key) => values.get(key)).find((one) => one !== undefined);
  const service = first(
    'ntp service',
    'ntp',
    'ntp enabled',
    'systemd-timesyncd.service active',
    'network time on',
  );
  return {
    universalTime: timeOf(first('universal time', 'timeusec')),
    rtcTime: timeOf(first('rtc time', 'rtctimeusec')),
    rtcLocal: yes(first('rtc in local tz', 'localrtc')),
    zone: zoneOf(first('time zone', 'timezone') ?? ''),
    synchronised: yes(
      first('system clock synchronized', 'system clock synchronised', 'ntp synchronized', 'ntpsynchronized'),
    ),
    serviceActive: service === undefined ? undefined : /^(active|yes)/.test(service),
  };
}

/** "Europe/Berlin" of "Europe/Berlin (CET, +0100)"; of "n/a (UTC, +0000)", where no file names it, what is in brackets. */
function zoneOf(text: string): string {
  const [, name = '', abbreviation = ''] = /^(\S*)(?: \(([A-Z]{1,6}),)?/.exec(text) ?? [];
  return name === 'n/a' ? abbreviation : name;
}

function yes(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : /^yes/.test(text) ? true : /^no/.test(text) ? false : undefined;
}

/** "Wed 2025-09-10 05:00:31 UTC" in seconds since the epoch; undefined for "n/a" and times of another zone. */
function timeOf(text: string | undefined): number | undefined {
  const match = /(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?: UTC)?$/.exec(text ?? '');
  if (!match) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1_000;
}

/** The name of the machine's time zone: "UTC", "Europe/Berlin". */
export const timeZone = fact({
  id: 'clock.time-zone',
  reads: ['/etc/localtime', '/etc/timezone', 'timedatectl, where it was saved'],
  limitMs: 1_000,
  read: async ({ machine }): Promise<string> => {
    const link = /zoneinfo\/(?:posix\/|right\/)?(\S+)$/.exec(machine.link('etc/localtime') ?? '')?.[1];
    const zone = link ?? machine.text('etc/timezone')?.trim().split('\n', 1)[0];
    if (zone !== undefined && zone !== '') return zone.slice(0, 80);
    const saved = await savedTimedatectl(machine);
    const told = saved === undefined ? '' : parseTimedatectl(saved).zone;
    if (told !== '') return told;
    // Without the file the C library takes UTC; a file that is no link does not tell its name.
    if (machine.live && !machine.has('etc/localtime')) return 'UTC';
    throw nothing(machine, 'name of its time zone');
  },
});
