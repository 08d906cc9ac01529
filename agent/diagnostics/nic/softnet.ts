/** /proc/net/softnet_stat: what each processor's receive queue dropped, and how often it ran out of its time (net/core/net-procfs.c). */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { required } from '../required.ts';

/** One processor's counters since start. */
export interface SoftnetCpu {
  readonly cpu: number;
  readonly processed: number;
  /** Packets that found the backlog (net.core.netdev_max_backlog) full. */
  readonly dropped: number;
  /** How often polling ended with work left, for net.core.netdev_budget or netdev_budget_usecs. */
  readonly squeezed: number;
  readonly flowLimited: number;
}

/** Receive queues of all processors, and the limits in force. */
export interface Softnet {
  readonly cpus: readonly SoftnetCpu[];
  readonly backlogLimit?: number;
  readonly budget?: number;
  readonly budgetUsecs?: number;
}

/** Reads the file: a processor a line, in hexadecimal columns of which newer kernels have more. @throws Unavailable nonsense */
export function parseSoftnet(text: string): SoftnetCpu[] {
  const cpus: SoftnetCpu[] = [];
  for (const line of text.split('\n', 20_000)) {
    const columns = line.trim().split(/\s+/, 20);
    if (columns.length < 3 || !columns.every((one) => /^[0-9a-f]{1,16}$/i.test(one))) continue;
    const at = (index: number) => Number.parseInt(columns[index] ?? '0', 16);
    // From 5.14 on column 12 says which processor it is, since some may be off; before, it is the line's number.
    cpus.push({
      cpu: columns.length >= 13 ? at(12) : cpus.length,
      ...{ processed: at(0), dropped: at(1), squeezed: at(2), flowLimited: at(10) },
    });
  }
  if (cpus.length === 0) throw new Unavailable('nonsense', '/proc/net/softnet_stat is not in its format');
  return cpus;
}

/** Sums over all processors. */
export function softnetTotals(cpus: readonly SoftnetCpu[]): {
  processed: number;
  dropped: number;
  squeezed: number;
} {
  const total = { processed: 0, dropped: 0, squeezed: 0 };
  for (const { processed, dropped, squeezed } of cpus) {
    total.processed += processed;
    total.dropped += dropped;
    total.squeezed += squeezed;
  }
  return total;
}

/** A sysctl that holds one number. @throws Unavailable */
export function sysctl(machine: Machine, name: string): number | undefined {
  const text = machine.text(`proc/sys/${name.replaceAll('.', '/')}`)?.trim();
  return text !== undefined && /^-?\d{1,18}$/.test(text) ? Number(text) : undefined;
}

/** The receive queues of this machine. */
export const nicSoftnet = fact({
  id: 'nic.softnet',
  reads: ['/proc/net/softnet_stat', '/proc/sys/net/core/netdev_*'],
  limitMs: 2_000,
  read: ({ machine }): Softnet => {
    const text = required(machine, 'proc/net/softnet_stat');
    const limits = {
      backlogLimit: sysctl(machine, 'net.core.netdev_max_backlog'),
      budget: sysctl(machine, 'net.core.netdev_budget'),
      budgetUsecs: sysctl(machine, 'net.core.netdev_budget_usecs'),
    };
    return {
      cpus: parseSoftnet(text),
      ...(Object.fromEntries(
        Object.entries(limits).filter(([, value]) => value !== undefined),
      ) as Partial<Softnet>),
    };
  },
});
