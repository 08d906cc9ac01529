/** Two facts about the machine that decide how a NIC should be set up: whether it passes packets on, and where its processors are. */

import type { Machine } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { sysctl } from './softnet.ts';

/** Whether the machine passes packets on. */
export const nicForwarding = fact({
  id: 'nic.forwarding',
  reads: ['/proc/sys/net/ipv4/ip_forward'],
  limitMs: 1_000,
  read: ({ machine }): boolean => sysctl(machine, 'net.ipv4.ip_forward') === 1,
});

/** Processors by their NUMA node. */
export const nicNodes = fact({
  id: 'nic.numa-nodes',
  reads: ['/sys/devices/system/node/node*/cpulist'],
  limitMs: 1_000,
  read: ({ machine }): ReadonlyMap<number, number> => nodesOf(machine),
});

function nodesOf(machine: Machine): Map<number, number> {
  const found = new Map<number, number>();
  for (const name of machine.list('sys/devices/system/node')) {
    const node = /^node(\d{1,4})$/.exec(name)?.[1];
    if (node === undefined) continue;
    for (const range of (machine.text(`sys/devices/system/node/${name}/cpulist`) ?? '').trim().split(',')) {
      const ends = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range);
      if (!ends) continue;
      for (let cpu = Number(ends[1]); cpu <= Number(ends[2] ?? ends[1]); cpu++) found.set(cpu, Number(node));
    }
  }
  return found;
}
