/** Processors: load, time by what it went to, frequencies, throttling. All from the kernel's memory. */

import { line, type Machine, number } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { activity } from '../activity/activity.ts';
import { savedSar } from '../activity/sar.ts';
import { lookWords } from '../activity/shares.ts';
import { fact } from '../fact.ts';
import { savedUptime } from '../memory/meminfo.ts';
import { figures, percent } from '../quantities.ts';
import { required } from '../required.ts';

const CPUS = 'sys/devices/system/cpu';
const MAX_CPUS = 8_192;

/** Time of all processors since boot, in ticks of 10 ms, by what it went to (proc(5), /proc/stat). */
export interface CpuTime {
  readonly total: number;
  readonly idle: number;
  readonly iowait: number;
  /** Taken by the hypervisor for others. */
  readonly steal: number;
  /** Tasks in uninterruptible sleep at the moment, mostly for I/O. */
  readonly blocked: number;
  readonly running: number;
  /** Processors that were counted. */
  readonly cpus: number;
}

/** Parses /proc/stat. @throws Unavailable nonsense */
export function parseStat(text: string): CpuTime {
  const rows = text.split('\n').slice(0, 20_000);
  const all = /^cpu +([\d ]+)$/
    .exec(rows[0]?.trimEnd() ?? '')?.[1]
    ?.trim()
    .split(/\s+/)
    .map(Number);
  if (!all || all.length < 4) throw new Unavailable('nonsense', '/proc/stat has no times of the processors');
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = all;
  const of = (name: string) =>
    Number(rows.find((row) => row.startsWith(`${name} `))?.slice(name.length + 1) ?? 0);
  return {
    // Time of guests is in user and nice already.
    total: user + nice + system + idle + iowait + irq + softirq + steal,
    ...{ idle, iowait, steal, blocked: of('procs_blocked'), running: of('procs_running') },
    cpus: rows.filter((row) => /^cpu\d/.test(row)).length,
  };
}

/** Time of the processors. */
export const cpuTime = fact({
  id: 'system.cpu-time',
  reads: ['/proc/stat'],
  limitMs: 1_000,
  read: ({ machine }) => parseStat(required(machine, 'proc/stat')),
});

/** How much of the processors the hypervisor took for others, in percent, and over which time: since boot, or while a tool looked. */
export const stolenTime = fact({
  id: 'system.stolen-time',
  reads: ['/proc/stat', 'vmstat, top, mpstat, sar and iostat, where they were saved'],
  limitMs: 2_000,
  read: async ({ machine, get }): Promise<{ percent: number; when: string }> => {
    const looks = machine.live ? undefined : await get(activity).catch(() => undefined);
    const seen = looks?.find(({ shares }) => shares.some(({ cpu }) => cpu === 'all'));
    const share = seen?.shares.find(({ cpu }) => cpu === 'all')?.steal;
    if (seen && share !== undefined) return { percent: Number(figures(share)), when: lookWords(seen) };
    const { steal, total } = await get(cpuTime);
    return { percent: percent(steal, total), when: 'since boot (/proc/stat)' };
  },
});

/** Load: tasks that run, wait for a processor, or for I/O, averaged. */
export interface Load {
  readonly one: number;
  readonly five: number;
  readonly fifteen: number;
}

/** The means of the load averages that `sar -q` told; undefined where it did not. */
function sarQueue(machine: Machine): Load | undefined {
  const row = savedSar(machine).flatMap(({ tables }) => tables.get('q') ?? [])[0];
  const [one, five, fifteen] = ['ldavg-1', 'ldavg-5', 'ldavg-15'].map((name) => row?.of(name));
  return one === undefined || five === undefined || fifteen === undefined
    ? undefined
    : { one, five, fifteen };
}

/** Load averages. */
export const load = fact({
  id: 'system.load',
  reads: ['/proc/loadavg', 'uptime, w, top or sar -q, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): Load => {
    const text = machine.text('proc/loadavg');
    const saved = text === undefined ? savedUptime(machine) : undefined;
    const queue = text === undefined && saved === undefined ? sarQueue(machine) : undefined;
    if (queue) return queue;
    const match = saved
      ? /load averages?: {0,3}(\d{1,6}[.,]\d\d),? (\d{1,6}[.,]\d\d),? (\d{1,6}[.,]\d\d)/.exec(saved)
      : /^([\d.]+) ([\d.]+) ([\d.]+) /.exec(text ?? required(machine, 'proc/loadavg'));
    if (!match) throw new Unavailable('nonsense', '/proc/loadavg has no load averages');
    const [one = 0, five = 0, fifteen = 0] = match.slice(1).map((word) => Number(word.replace(',', '.')));
    return { one, five, fifteen };
  },
});

/** How many processors there are: /proc/stat counts them; of a captured machine other outputs tell as well. */
export const processorCount = fact({
  id: 'system.processor-count',
  reads: ['/proc/stat', '/proc/cpuinfo, lscpu, nproc, top, mpstat and iostat, where they were saved'],
  limitMs: 2_000,
  read: async ({ machine, get }): Promise<number> => {
    const stat = machine.text('proc/stat');
    if (stat !== undefined || machine.live) return (await get(cpuTime)).cpus;
    // People keep the part of one processor: it tells how many its package has.
    const text = machine.text('proc/cpuinfo') ?? '';
    const siblings = Number(/^siblings\s*:\s*(\d{1,5})/m.exec(text)?.[1] ?? 0);
    const counted = Math.max(text.match(/^processor\s*:\s*\d+/gm)?.length ?? 0, siblings);
    const info = counted > 1 ? counted : undefined;
    const of = (program: string, pattern: RegExp) =>
      (machine.saved?.(program) ?? []).map(({ text }) => Number(pattern.exec(text)?.[1] ?? 0)).find(Boolean);
    const seen = await get(activity).catch(() => []);
    const told =
      info ??
      of('lscpu', /^(?:On-line )?CPU\(s\):\s+(\d{1,5})\s*$/m) ??
      of('nproc', /^(\d{1,5})\s*$/) ??
      seen.find(({ cpus }) => cpus !== undefined)?.cpus ??
      // With a line a processor.
      (Math.max(0, ...seen.map(({ shares }) => shares.filter(({ cpu }) => cpu !== 'all').length)) ||
        undefined);
    return told ?? required(machine, 'proc/stat').length;
  },
});

/** Numbers in a list of the kernel's: "0-3,8" is 0, 1, 2, 3, 8. At most 8,192 are given. */
export function parseCpuList(text: string): number[] {
  const found: number[] = [];
  for (const part of text.trim().split(',').slice(0, MAX_CPUS)) {
    const match = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part);
    if (!match) continue;
    const last = Number(match[2] ?? match[1]);
    for (let one = Number(match[1]); one <= last && found.length < MAX_CPUS; one++) found.push(one);
  }
  return found;
}

/** How a processor's frequency is set. kHz. */
export interface Frequency {
  /** "intel_pstate", "acpi-cpufreq"; empty where it is not told. */
  readonly driver: string;
  readonly governor: string;
  /** What it may be set to at most, and what the hardware can. */
  readonly limit: number | undefined;
  readonly hardware: number | undefined;
}

/** Processors. */
export interface Processors {
  readonly online: readonly number[];
  readonly present: readonly number[];
  /** Groups of processors with the same settings, most first. */
  readonly frequencies: readonly (Frequency & { readonly cpus: number })[];
  /** How often cores and packages were slowed down for heat since boot; undefined where that is not counted. */
  readonly throttles: number | undefined;
}

/** How often cores and packages were throttled, each core and package once. */
export function readThrottles(machine: Machine, cpus: readonly number[]): number | undefined {
  const cores = new Map<string, number>();
  for (const cpu of cpus.slice(0, MAX_CPUS)) {
    const at = `${CPUS}/cpu${cpu}`;
    const core = number(machine, `${at}/thermal_throttle/core_throttle_count`);
    if (core === undefined) {
      // Where the first has none, no other has.
      if (cores.size === 0 && machine.live) return undefined;
      continue;
    }
    const socket = line(machine, `${at}/topology/physical_package_id`) ?? '0';
    cores.set(`${socket}/${line(machine, `${at}/topology/core_id`) ?? cpu}`, core);
    cores.set(socket, number(machine, `${at}/thermal_throttle/package_throttle_count`) ?? 0);
  }
  return cores.size === 0 ? undefined : [...cores.values()].reduce((sum, one) => sum + one, 0);
}

function frequenciesOf(machine: Machine, cpus: readonly number[]): (Frequency & { cpus: number })[] {
  const groups = new Map<string, Frequency & { cpus: number }>();
  for (const cpu of cpus) {
    const at = `${CPUS}/cpu${cpu}/cpufreq`;
    const governor = line(machine, `${at}/scaling_governor`);
    if (governor === undefined) {
      if (groups.size === 0 && machine.live) return [];
      continue;
    }
    const one = {
      driver: line(machine, `${at}/scaling_driver`) ?? '',
      governor,
      limit: number(machine, `${at}/scaling_max_freq`),
      hardware: number(machine, `${at}/cpuinfo_max_freq`),
    };
    const key = JSON.stringify(one);
    const group = groups.get(key);
    if (group) group.cpus++;
    else groups.set(key, { ...one, cpus: 1 });
  }
  return [...groups.values()].sort((a, b) => b.cpus - a.cpus);
}

/** Processors of which some file was captured: those that say that they are off, and the others. */
function listedCpus(machine: Machine): { online: number[]; present: number[] } {
  const all = machine
    .list(CPUS)
    .flatMap((name) => (/^cpu(\d{1,5})$/.test(name) ? [Number(name.slice(3))] : []))
    .slice(0, MAX_CPUS);
  const states = new Map(all.map((cpu) => [cpu, line(machine, `${CPUS}/cpu${cpu}/online`)]));
  // The first has no such file.
  const known = [...states.values()].some((state) => state !== undefined);
  return { online: all.filter((cpu) => states.get(cpu) !== '0'), present: known ? all : [] };
}

/** Processors as they are set up. */
export const processors = fact({
  id: 'system.processors',
  reads: [`/${CPUS}/{online,present}`, `/${CPUS}/cpu*/{cpufreq,thermal_throttle,topology}`],
  limitMs: 2_000,
  read: ({ machine }): Processors => {
    const listed = machine.live ? undefined : listedCpus(machine);
    const told = parseCpuList(machine.text(`${CPUS}/online`) ?? '');
    const online = told.length > 0 ? told : (listed?.online ?? []);
    if (online.length === 0) required(machine, `${CPUS}/online`);
    const present = parseCpuList(machine.text(`${CPUS}/present`) ?? '');
    return {
      online,
      present: present.length > 0 ? present : (listed?.present ?? []),
      frequencies: frequenciesOf(machine, online),
      throttles: readThrottles(machine, listed ? [...new Set([...online, ...listed.present])] : online),
    };
  },
});
