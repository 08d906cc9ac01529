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
    'timedatectl and hwclock --verbose, where they were saved',
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

/** A captured time is worth something only beside the system's own of that moment. */
async function captured(machine: Machine, device: string, local: boolean | undefined): Promise<Rtc> {
  const told = (machine.saved?.('hwclock') ?? [])
    .map((one) => hwclockOffset(one.text))
    .find((one) => one !== undefined);
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
