/** The hardware clock, which sets the system's clock at boot: whether it is right, and in which zone it runs. */

import { line, type Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { parseTimedatectl, savedTimedatectl } from './timedatectl.ts';

/** The hardware clock. */
export interface Rtc {
  /** "rtc0"; empty where a saved output tells of it. */
  readonly device: string;
  /** The driver's name: "rtc_cmos". */
  readonly driver: string;
  /** Whether it runs in local time; undefined where nothing says so (it then is in UTC, unless somebody set it otherwise). */
  readonly local: boolean | undefined;
  /**
   * How far it is ahead of the system's clock, in seconds. It counts whole seconds, so half a second of it is nothing.
   * Undefined where it runs in local time or was not read together with the system's clock.
   */
  readonly offset: number | undefined;
}

const CLASS = 'sys/class/rtc';

/** The hardware clock. */
export const rtc = fact({
  id: 'clock.rtc',
  reads: [
    '/sys/class/rtc/rtc0/since_epoch',
    '/etc/adjtime',
    'timedatectl and hwclock, where they were saved, the latter beside date or with --verbose',
  ],
  // Its chip is asked over a bus, or the firmware is: milliseconds, and longer where something is broken.
  limitMs: 4_000,
  waits: true,
  read: async ({ machine, signal }): Promise<Rtc> => {
    const devices = machine.list(CLASS).filter((name) => /^rtc\d+$/.test(name));
    // The one that the kernel set its clock from at boot, else the first.
    const device =
      devices.find((name) => line(machine, `${CLASS}/${name}/hctosys`) === '1') ?? devices[0] ?? '';
    const local = isLocal(machine);
    if (!machine.live) return captured(machine, device, local);
    if (device === '') throw nothing(machine, `/${CLASS}`);
    const path = `${CLASS}/${device}/since_epoch`;
    const values = await machine.slowFiles([path], { timeoutMs: 3_000, signal });
    const now = machine.now();
    const seconds = Number(values.get(path) ?? Number.NaN);
    if (!Number.isFinite(seconds)) throw new Unavailable('failed', `/${path} cannot be read`);
    return {
      ...{ device, local, driver: driverOf(machine, device) },
      offset: local === true ? undefined : seconds + 0.5 - now / 1_000,
    };
  },
});

/** /etc/adjtime's third line, of hwclock(8): UTC or LOCAL. */
function isLocal(machine: Machine): boolean | undefined {
  const zone = machine.text('etc/adjtime')?.split('\n')[2]?.trim();
  return zone === 'LOCAL' ? true : zone === 'UTC' ? false : undefined;
}

function driverOf(machine: Machine, device: string): string {
  return (line(machine, `${CLASS}/${device}/name`) ?? '').split(' ', 1)[0] ?? '';
}

/**
 * How far a clock in UTC is ahead by `hwclock --verbose` (util-linux, sys-utils/hwclock.c), which tells both times: the system's from
 * before it waits for the tick of the other, so up to a second of it is nothing.
 */
function hwclockOffset(text: string): number | undefined {
  const part = text.slice(0, 8_192);
  const system = /^System Time: (\d{1,12}\.\d{1,9})$/m.exec(part)?.[1];
  const [, year, month, day, hour, minute, second] =
    /^Time read from Hardware Clock: (\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)$/m
      .exec(part)
      ?.map(Number) ?? [];
  if (
    system === undefined ||
    year === undefined ||
    !/^Assuming hardware clock is kept in UTC time/m.test(part)
  )
    return undefined;
  return Date.UTC(year, (month ?? 1) - 1, day, hour, minute, second) / 1_000 - Number(system);
}

/** So many seconds may lie between two commands that somebody typed. */
const TYPED = 120;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** A time as `date` and `hwclock` print it. */
interface Reading {
  /** As if what it says were UTC, in seconds since the epoch. */
  readonly wall: number;
  /** Seconds that its zone is ahead of UTC; undefined where that is not told. */
  readonly zone: number | undefined;
}

/**
 * "2017-08-01 03:12:11.123456+00:00" (util-linux from 2.30 on), "Tue 01 Aug 2017 03:12:11 AM UTC  -0.2 seconds", "Tue Aug  1 03:12:11 2017
 * -0.2 seconds" (BusyBox), "Mon Mar  4 10:12:11 UTC 2024" (date), and date's form of other languages' C libraries with the year in the middle.
 */
function readTime(text: string): Reading | undefined {
  const part = text.slice(0, 500);
  const iso =
    /^\s*(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[.,]\d{1,9})?\s?(?:([+-])(\d\d):?(\d\d)|(Z))?/m.exec(
      part,
    );
  if (iso) {
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = iso.slice(1, 7).map(Number);
    const zone = iso[7]
      ? (iso[7] === '-' ? -60 : 60) * (Number(iso[8]) * 60 + Number(iso[9]))
      : iso[10]
        ? 0
        : undefined;
    return { wall: Date.UTC(year, month - 1, day, hour, minute, second) / 1_000, zone };
  }
  const row = /^\s*\w{3},? .{0,80}\b\d\d?:\d\d:\d\d\b.{0,80}$/m.exec(part)?.[0] ?? '';
  const [, hour = '', minute = '', second = ''] = /\b(\d\d?):(\d\d):(\d\d)\b/.exec(row) ?? [];
  const month = /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/.exec(row)?.[1];
  const year = /\b((?:19|20)\d\d)\b/.exec(row)?.[1];
  const day =
    /\b(?:(\d\d?) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|[A-Z][a-z]{2} {1,2}(\d\d?)\b)/.exec(
      row,
    );
  if (month === undefined || year === undefined || !day || hour === '') return undefined;
  const half = / ([AP])M\b/.exec(row)?.[1];
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'P' ? 12 : 0);
  const at = MONTHS.indexOf(month) / 3;
  return {
    wall: Date.UTC(Number(year), at, Number(day[1] ?? day[2]), hours, Number(minute), Number(second)) / 1_000,
    zone: /\b(?:UTC|GMT)\b/.test(row) ? 0 : undefined,
  };
}

/** How far `hwclock` is ahead where one command line ran both (`date; hwclock -r`); undefined where there are not the two alone. */
function inOne(machine: Machine): number | undefined {
  for (const { text } of machine.saved?.('hwclock') ?? []) {
    const rows = text.slice(0, 2_000).split('\n');
    const times = rows.flatMap((row) => {
      const told = readTime(row);
      // hwclock alone tells fractions of a second with a zone, or how far off it may be.
      return told
        ? [{ ...told, own: /\d\.\d{3,9}[+-]\d\d:?\d\d\s*$|[+-]?\d\.\d{1,9} seconds\s*$/.test(row) }]
        : [];
    });
    const [hardware, system] = [times.find(({ own }) => own), times.find(({ own }) => !own)];
    if (hardware && system && times.length === 2) return between(hardware, system);
  }
  return undefined;
}

/** How far `hwclock` is ahead by lines with their names: "hwclock -r: 2024-03-05 …", "date: Tue Mar  5 …"; undefined where one is missing. */
function labelled(machine: Machine): number | undefined {
  const rows = (machine.saved?.('clock-labels') ?? []).flatMap(({ text }) => text.split('\n', 100));
  const of = (program: string) =>
    rows
      .filter((row) => row.trimStart().startsWith(program))
      .map((row) => readTime(row.replace(/^.{0,60}?: +/, '')))
      .find((one) => one !== undefined);
  const [hardware, system] = [of('hwclock'), of('date')];
  return hardware && system && between(hardware, system);
}

/** How far `hwclock` is ahead of `date` beside it; undefined where one is missing, 0 for what may have passed between them. */
async function besideDate(machine: Machine): Promise<number | undefined> {
  const first = (program: string) =>
    (machine.saved?.(program) ?? []).map(({ text }) => readTime(text)).find((one) => one !== undefined);
  const [hardware, system] = [first('hwclock'), first('date')];
  if (hardware && !system) return inOne(machine) ?? labelled(machine);
  if (!hardware || !system) return labelled(machine);
  return between(hardware, system);
}

/** How far one reading is ahead of another; 0 for what may have passed between two commands. */
function between(hardware: Reading, system: Reading): number {
  // Both are in local time, unless date was asked for UTC; hwclock tells its zone.
  const off =
    system.zone === 0 && hardware.zone !== undefined
      ? hardware.wall - hardware.zone - system.wall
      : hardware.wall - system.wall;
  return Math.abs(off) < TYPED ? 0 : off;
}

/** A captured time is worth something only beside the system's own of that moment. */
async function captured(machine: Machine, device: string, local: boolean | undefined): Promise<Rtc> {
  const told =
    (machine.saved?.('hwclock') ?? [])
      .map((one) => hwclockOffset(one.text))
      .find((one) => one !== undefined) ?? (await besideDate(machine));
  const text = await savedTimedatectl(machine);
  const saved = text === undefined ? undefined : parseTimedatectl(text);
  const isLocalTime = saved?.rtcLocal ?? local;
  if (device === '' && saved?.rtcTime === undefined && isLocalTime === undefined && told === undefined)
    throw nothing(machine, `/${CLASS}`);
  return {
    ...{ device, driver: device === '' ? '' : driverOf(machine, device), local: isLocalTime },
    offset:
      isLocalTime === true || saved?.rtcTime === undefined || saved.universalTime === undefined
        ? told
        : saved.rtcTime - saved.universalTime,
  };
}
