/** Which programs set the clock of this machine: one of them is right, none lets it drift, two work against each other. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact, type Reading } from '../fact.ts';
import { processesHidden } from '../hidden.ts';

/** A program about time that runs. */
export interface TimeDaemon {
  /** "chronyd", "systemd-timesyncd", "ntpd", "openntpd", "ntpd-rs", "ptp4l", "phc2sys", "ts2phc". */
  readonly name: string;
  /** Whether it sets the system's clock: ptp4l does not, chronyd -x and phc2sys towards a network card do not either. */
  readonly setsClock: boolean;
}

/** Programs by the names of their units, without ".service" and instance. */
const UNITS: Readonly<Record<string, string>> = {
  chronyd: 'chronyd',
  chrony: 'chronyd',
  'chronyd-restricted': 'chronyd',
  'systemd-timesyncd': 'systemd-timesyncd',
  ntpd: 'ntpd',
  ntp: 'ntpd',
  ntpsec: 'ntpd',
  openntpd: 'openntpd',
  'ntpd-rs': 'ntpd-rs',
  ptp4l: 'ptp4l',
  phc2sys: 'phc2sys',
  ts2phc: 'ts2phc',
};

/** Programs by the names of their processes, which the kernel cuts to 15 characters. */
const PROCESSES: Readonly<Record<string, string>> = {
  chronyd: 'chronyd',
  'systemd-timesyn': 'systemd-timesyncd',
  'systemd-timesyncd': 'systemd-timesyncd',
  ntpd: 'ntpd',
  openntpd: 'openntpd',
  'ntp-daemon': 'ntpd-rs',
  ptp4l: 'ptp4l',
  phc2sys: 'phc2sys',
  ts2phc: 'ts2phc',
};

/** Where systemd keeps the groups of units, in the unified hierarchy and in the older one. */
const SLICES = ['sys/fs/cgroup/system.slice', 'sys/fs/cgroup/systemd/system.slice'];
/** Processes that are looked at, where there are no groups of units. */
const MAX_PROCESSES = 20_000;
/** So many are looked at before something else gets its turn. */
const AT_ONCE = 256;

/** A program, and the command line that it was started with, where that is known. */
interface Started {
  readonly name: string;
  readonly commandLine: string;
}

/** The programs about time that run. */
export const timeDaemons = fact({
  id: 'clock.daemons',
  reads: ['/sys/fs/cgroup/system.slice', '/proc/PID/comm', '/proc/PID/cmdline', 'ps, where it was saved'],
  limitMs: 3_000,
  read: async ({ machine }): Promise<readonly TimeDaemon[]> => {
    const started = fromUnits(machine) ?? (await fromProcesses(machine)) ?? (await fromSaved(machine));
    const daemons = new Map<string, TimeDaemon>();
    for (const { name, commandLine } of started) {
      const setsClock = setsTheClock(name, commandLine) || daemons.get(name)?.setsClock === true;
      daemons.set(name, { name, setsClock });
    }
    return [...daemons.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  },
});

/**
 * Runs the reader of a program's state where the program runs. A captured machine on which nothing of the program was saved,
 * and that does not say that it ran, simply had none. @throws Unavailable absent
 */
export async function whereItRuns<T>(
  { machine, get }: Pick<Reading, 'machine' | 'get'>,
  name: string,
  read: () => Promise<T>,
): Promise<T> {
  const daemons = await get(timeDaemons).catch(() => undefined);
  const runs = daemons?.some((daemon) => daemon.name === name);
  if (runs === false) throw new Unavailable('absent', `${name} does not run on this machine`);
  try {
    return await read();
  } catch (error) {
    const missing = error instanceof Unavailable && error.kind === 'not-captured';
    if (!missing || machine.live || runs) throw error;
    throw new Unavailable('absent', `nothing of ${name} was captured`, error);
  }
}

function setsTheClock(name: string, commandLine: string): boolean {
  const words = commandLine.split(' ');
  if (name === 'ptp4l' || name === 'ts2phc') return false;
  // chronyd -x watches the clock and leaves it alone.
  if (name === 'chronyd') return !words.some((word) => /^-[a-zA-Z0-9]*x$/.test(word));
  if (name !== 'phc2sys') return true;
  // phc2sys hands the time to chronyd where it serves shared memory (-E ntpshm); else it sets what -c names, the system's
  // clock unless told, or with -a -r whatever follows.
  if (words.includes('ntpshm') || words.includes('refclock_sock')) return false;
  const target = words[words.indexOf('-c') + 1];
  if (words.includes('-c')) return target === 'CLOCK_REALTIME';
  return !words.includes('-a') || words.some((word) => /^-a?r/.test(word));
}

/** From the groups of systemd's units; undefined where there are none. */
function fromUnits(machine: Machine): Started[] | undefined {
  const slice = SLICES.find((path) => machine.list(path).some((name) => name.endsWith('.service')));
  if (slice === undefined) return undefined;
  const units = machine.list(slice).flatMap((name) => {
    // Instances are one folder deeper: system-ptp4l.slice/ptp4l@eth0.service.
    if (!/^system-(ptp4l|phc2sys|ts2phc)\.slice$/.test(name)) return [`${slice}/${name}`];
    return machine.list(`${slice}/${name}`).map((unit) => `${slice}/${name}/${unit}`);
  });
  return units.flatMap((path) => {
    const unit = /\/([^/@]+)(?:@[^/]*)?\.service$/.exec(path)?.[1] ?? '';
    const name = UNITS[unit];
    if (name === undefined) return [];
    const pids = (machine.text(`${path}/cgroup.procs`) ?? '').split('\n').filter((pid) => /^\d+$/.test(pid));
    return { name, commandLine: commandLineOf(machine, pids[0]) };
  });
}

/** From all processes; undefined where none can be seen. */
async function fromProcesses(machine: Machine): Promise<Started[] | undefined> {
  const pids = machine.list('proc').filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return undefined;
  const hidden = machine.live ? processesHidden(machine) : undefined;
  if (hidden) throw hidden;
  const found: Started[] = [];
  for (const [index, pid] of pids.slice(0, MAX_PROCESSES).entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    const name = PROCESSES[machine.text(`proc/${pid}/comm`)?.trim() ?? ''];
    if (name !== undefined) found.push({ name, commandLine: commandLineOf(machine, pid) });
  }
  // A captured machine may have a few processes only, of those that were looked at more closely.
  return machine.live || found.length > 0 ? found : undefined;
}

function commandLineOf(machine: Machine, pid: string | undefined): string {
  if (pid === undefined) return '';
  try {
    return (machine.text(`proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ').trim();
  } catch {
    // Without it the program is taken to do what it usually does.
    return '';
  }
}

/** No machine that runs has fewer. */
const LEAST_UNITS = 8;
const LEAST_PROCESSES = 20;

/** Ways in which lists of processes are saved. */
const SAVED: readonly (readonly [string, readonly string[]])[] = [
  ['ps', ['aux']],
  ['ps', ['auxww']],
  ['ps', ['auxwww']],
  ['ps', ['auxwwwm']],
  ['ps', ['-ef']],
  ['ps', ['-elf']],
  ['ps', []],
  ['systemctl', ['list-units']],
  ['systemctl', ['list-units', '--all']],
];

/** From a saved list of processes or units. @throws Unavailable not-captured */
async function fromSaved(machine: Machine): Promise<Started[]> {
  for (const [program, args] of SAVED) {
    const text = await machine.run(program, args).then(
      ({ stdout }) => stdout,
      () => undefined,
    );
    if (text === undefined) continue;
    const rows = text.split('\n').slice(0, MAX_PROCESSES);
    const found = rows.flatMap(savedLine);
    if (found.length > 0 || isWhole(rows)) return found;
  }
  throw new Unavailable('not-captured', 'the captured folder does not tell which programs ran');
}

/** Whether a list has all of what runs: of one of which somebody kept some lines, what is missing may run. */
function isWhole(rows: readonly string[]): boolean {
  // Somebody left lines out.
  if (rows.some((row) => /^\s*(?:\[?\.{2,10}\]?|…|\[?snip\]?)\s*$/i.test(row))) return false;
  const units = rows.filter((row) => /\.service\s+loaded\s+active\s+running/.test(row));
  const first = rows.some((row) => /^\s*(?:\S+\s+){0,3}?1\s.*(?:init|systemd)\b/.test(row.slice(0, 1_000)));
  return units.length >= LEAST_UNITS || (first && rows.length >= LEAST_PROCESSES);
}

/** A line of `ps` or of `systemctl list-units`. */
function savedLine(line: string): Started[] {
  const unit = /^[\s●*]*([\w-]+)(?:@\S*)?\.service\s+loaded\s+active\s+running/.exec(line)?.[1];
  if (unit !== undefined) return UNITS[unit] === undefined ? [] : [{ name: UNITS[unit], commandLine: '' }];
  const match =
    /(?:^|[\s/])(chronyd|systemd-timesyncd|openntpd|ntpd|ntp-daemon|ptp4l|phc2sys|ts2phc)(?:\s(.*))?$/.exec(
      line.slice(0, 4_096),
    );
  const name = PROCESSES[match?.[1] ?? ''];
  // "grep chronyd" and an editor with its configuration are no daemons: the program is the first word with a path or none.
  if (name === undefined || /\b(grep|vim?|less|tail|journalctl|systemctl)\s/.test(line)) return [];
  return [{ name, commandLine: `${name} ${match?.[2] ?? ''}`.trim() }];
}
