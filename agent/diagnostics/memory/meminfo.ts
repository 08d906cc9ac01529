/** /proc/meminfo and /proc/vmstat: what memory is used for, and how hard the kernel works to find more. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { savedMemory } from '../activity/saved-memory.ts';
import { fact } from '../fact.ts';
import { required } from '../required.ts';

/** Memory in bytes, by the names of /proc/meminfo. */
export interface Memory {
  readonly total: number;
  /** What can be had without swapping; reckoned from free, buffers, page cache and slab that can be freed before Linux 3.14. */
  readonly available: number;
  /** Whether the kernel refuses memory beyond CommitLimit (vm.overcommit_memory=2). */
  readonly strictOvercommit: boolean;
  /** Any field, "SUnreclaim"; 0 where this kernel does not tell it. Counts of huge pages ("HugePages_Total") are pages. */
  readonly of: (name: string) => number;
  /** Whether this kernel tells a field. */
  readonly has: (name: string) => boolean;
}

/** Parses /proc/meminfo. @param overcommit the text of vm.overcommit_memory. @throws Unavailable nonsense where it does not tell the total */
export function parseMeminfo(text: string, overcommit = ''): Memory {
  const values = new Map<string, number>();
  for (const row of text.split('\n').slice(0, 1_000)) {
    const match = /^([A-Za-z0-9_()]+):\s*(\d+)(\s+kB)?/.exec(row);
    if (match?.[1]) values.set(match[1], Number(match[2]) * (match[3] ? 1_024 : 1));
  }
  const of = (name: string) => values.get(name) ?? 0;
  const has = (name: string) => values.has(name);
  const total = of('MemTotal');
  if (total === 0) throw new Unavailable('nonsense', '/proc/meminfo does not tell how much memory there is');
  const available =
    values.get('MemAvailable') ??
    of('MemFree') + of('Buffers') + of('Cached') + of('SReclaimable') - of('Shmem');
  return { total, available: Math.max(0, available), strictOvercommit: overcommit.trim() === '2', of, has };
}

/** Counters by name, as /proc/vmstat and the numastat files of nodes have them: "name value" a line. */
export function parseCounters(text: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const row of text.split('\n').slice(0, 5_000)) {
    const match = /^([A-Za-z0-9_.]+)\s+(\d+)\s*$/.exec(row);
    if (match?.[1]) values.set(match[1], Number(match[2]));
  }
  return values;
}

/** What memory is used for. */
export const meminfo = fact({
  id: 'memory.meminfo',
  reads: ['/proc/meminfo', '/proc/sys/vm/overcommit_memory'],
  limitMs: 1_000,
  read: ({ machine }) =>
    parseMeminfo(required(machine, 'proc/meminfo'), machine.text('proc/sys/vm/overcommit_memory')),
});

/** How much memory there is and can be had: of a captured machine also where `free` or `top` alone tells it, and nothing else of it. */
export const memoryUse = fact({
  id: 'memory.use',
  reads: ['/proc/meminfo', 'free or top, on a captured machine'],
  limitMs: 1_000,
  read: async ({ machine, get }): Promise<Pick<Memory, 'total' | 'available'> & { all?: Memory }> => {
    const told = machine.has('proc/meminfo') ? undefined : savedMemory(machine);
    if (told) return told;
    const all = await get(meminfo);
    // Of which somebody kept the first line.
    if (!all.has('MemAvailable') && !all.has('MemFree'))
      throw new Unavailable('nonsense', '/proc/meminfo does not tell how much memory is free');
    return { total: all.total, available: all.available, all };
  },
});

/** Counters of the memory management since boot. Names came and went with kernels: none is sure to be there. */
export const vmstat = fact({
  id: 'memory.vmstat',
  reads: ['/proc/vmstat'],
  limitMs: 1_000,
  read: ({ machine }): ReadonlyMap<string, number> => {
    const counters = parseCounters(required(machine, 'proc/vmstat'));
    if (counters.size === 0) throw new Unavailable('nonsense', '/proc/vmstat has no counters');
    return counters;
  },
});

/** Seconds since boot, and the moment. */
export interface Uptime {
  readonly seconds: number;
  /** ms since the epoch */
  readonly nowMs: number;
}

/** "17:00:01 up 1 day, 2:03, 1 user, …", "up 11 min,", "up 3:40,": what `uptime` prints, as seconds. */
export function parseUptime(text: string): number | undefined {
  const told = /\bup\s+(.{1,80}?),\s+(?:\d+ users?|load)/.exec(text)?.[1];
  if (told === undefined) return undefined;
  const of = (pattern: RegExp) => Number(pattern.exec(told)?.[1] ?? 0);
  const [hours = 0, minutes = 0] = /(\d+):(\d+)/.exec(told)?.slice(1).map(Number) ?? [];
  return (of(/(\d+) day/) * 24 + hours) * 3_600 + (minutes + of(/(\d+) min/)) * 60 + of(/(\d+) sec/);
}

/** The line of `uptime`, which `w` and `top` begin with; undefined where none was saved, and of a live machine. */
export function savedUptime(machine: Machine): string | undefined {
  return ['uptime', 'w', 'top']
    .flatMap((program) => (machine.saved?.(program) ?? []).map(({ text }) => text))
    .flatMap((text) => /^.{0,80}\bup\s.{1,80}load average.{1,60}$/m.exec(text.slice(0, 4_000))?.[0] ?? [])[0];
}

/** How long the machine has been up: without it, what has been counted since boot says little. */
export const uptime = fact({
  id: 'memory.uptime',
  reads: ['/proc/uptime', 'uptime, w or top, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): Uptime => {
    const text = machine.text('proc/uptime');
    const saved = text === undefined ? savedUptime(machine) : undefined;
    const seconds = saved ? parseUptime(saved) : Number.parseFloat(text ?? required(machine, 'proc/uptime'));
    if (seconds === undefined || !(seconds > 0))
      throw new Unavailable('nonsense', '/proc/uptime has no number');
    return { seconds, nowMs: machine.now() };
  },
});
