/** What is sampled of the system: time of the processors, waiting tasks, throttling, tables of connections. */

import type { Sample, Sampler } from '../../history/sample.ts';
import { type Machine, number } from '../../host/machine.ts';
import { parseCpuList, parseStat, readThrottles } from './processors.ts';

function times(machine: Machine): Sample[] {
  const text = machine.text('proc/stat');
  if (text === undefined) return [];
  const { total, idle, iowait, steal, blocked } = parseStat(text);
  return [
    { series: 'system/cpu/total_ticks', value: total },
    { series: 'system/cpu/idle_ticks', value: idle },
    { series: 'system/cpu/iowait_ticks', value: iowait },
    { series: 'system/cpu/steal_ticks', value: steal },
    { series: 'system//processes_blocked', value: blocked },
  ];
}

function throttles(machine: Machine): Sample[] {
  const online = parseCpuList(machine.text('sys/devices/system/cpu/online') ?? '');
  const value = readThrottles(machine, online);
  return value === undefined ? [] : [{ series: 'system/cpu/throttles', value }];
}

function connections(machine: Machine): Sample[] {
  const tracked = number(machine, 'proc/sys/net/netfilter/nf_conntrack_count');
  const waiting = /^TCP:.*\btw (\d{1,15})\b/m.exec(machine.text('proc/net/sockstat') ?? '')?.[1];
  return [
    ...(tracked === undefined ? [] : [{ series: 'system//conntrack_entries', value: tracked }]),
    ...(waiting === undefined ? [] : [{ series: 'system//time_wait_sockets', value: Number(waiting) }]),
  ];
}

/** Samples of the system. */
export const SYSTEM_SAMPLER: Sampler = {
  id: 'system',
  read: (machine) =>
    [times, throttles, connections].flatMap((read) => {
      try {
        return read(machine);
      } catch {
        // One that cannot be read is left out; why is told by the checks, which read the same.
        return [];
      }
    }),
};
