/** What is sampled of the clock: how far off it is, and the moment of boot by its own reckoning, which only a step moves. */

import type { Sample, Sampler } from '../../history/sample.ts';
import { line, type Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { readTracking } from './chrony.ts';
import { parseVariables } from './ntpd.ts';
import { type ClockState, ofChrony, ofNtpd, ofTimesyncd } from './state.ts';
import { parseTimesyncStatus } from './timesyncd.ts';

/** How a program is asked. */
interface Way {
  readonly name: string;
  readonly read: (machine: Machine, signal: AbortSignal) => Promise<ClockState>;
}

const LIMITS = { timeoutMs: 3_000, maxBytes: 65_536 };

const WAYS: readonly Way[] = [
  {
    name: 'chrony',
    read: async (machine, signal) =>
      ofChrony({ version: '', tracking: await readTracking(machine, signal) }, undefined),
  },
  {
    name: 'ntpd',
    read: async (machine, signal) => {
      const { stdout } = await machine.run('ntpq', ['-c', 'rv'], { ...LIMITS, signal });
      return ofNtpd({ ...parseVariables(stdout), peers: undefined });
    },
  },
  {
    name: 'timesyncd',
    read: async (machine, signal) => {
      const { stdout } = await machine.run('timedatectl', ['timesync-status'], { ...LIMITS, signal });
      return ofTimesyncd(parseTimesyncStatus(stdout), undefined);
    },
  },
];

/** After a tick in which no program answered, so many pass before all are tried again. */
const REST = 10;

/** Which program answered last, by machine; or for how many more ticks none is asked. */
const known = new WeakMap<Machine, { way: Way } | { rest: number }>();

/** Where clock and uptime were read further apart, since the process had to wait, the difference would look like a step. */
const AT_ONCE_MS = 50;

/**
 * Seconds since the epoch at which the machine booted, by its clock as it is now. It stays as it is while the clock is
 * slewed a little, and moves by as much as the clock is stepped. Undefined where it cannot be told to a tenth.
 */
function bootTime(machine: Machine): number | undefined {
  const before = machine.now();
  const uptime = Number(line(machine, 'proc/uptime')?.split(' ', 1)[0] ?? Number.NaN);
  const now = machine.now();
  if (!Number.isFinite(uptime) || Math.abs(now - before) > AT_ONCE_MS) return undefined;
  // /proc/uptime counts hundredths: to the tenth it mostly stays the same, which a history keeps in a bit.
  return Math.round((now / 1_000 - uptime) * 10) / 10;
}

/** Asks the program that answered last time; where it does not, the others. One process of a few ms a tick. */
async function state(machine: Machine, signal: AbortSignal): Promise<ClockState | undefined> {
  const before = known.get(machine);
  if (before && 'rest' in before && before.rest > 0) {
    known.set(machine, { rest: before.rest - 1 });
    return undefined;
  }
  const last = before && 'way' in before ? [before.way] : [];
  for (const way of [...last, ...WAYS.filter((one) => !last.includes(one))])
    try {
      const found = await way.read(machine, signal);
      known.set(machine, { way });
      return found;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    }
  known.set(machine, { rest: REST });
  return undefined;
}

/** Samples of the clock. */
export const CLOCK_SAMPLER: Sampler = {
  id: 'clock',
  read: async (machine, signal) => {
    const boot = bootTime(machine);
    const now = await state(machine, signal);
    const values: Readonly<Record<string, number | undefined>> = {
      boot_time_seconds: boot,
      ...(now
        ? {
            synchronised: now.sync === 'synchronised' ? 1 : 0,
            offset_seconds: now.offset,
            frequency_ppm: now.frequency,
            root_delay_seconds: now.rootDelay,
            root_dispersion_seconds: now.rootDispersion,
            stratum: now.stratum,
          }
        : {}),
    };
    return Object.entries(values).flatMap(([name, value]): Sample[] =>
      value === undefined ? [] : [{ series: `clock//${name}`, value }],
    );
  },
};
