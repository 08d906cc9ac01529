/** NUMA nodes: memory and processors of each, and pages that had to come from another node. */

import { line, type Machine, number } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing } from '../required.ts';
import { parseCounters } from './meminfo.ts';

const ROOT = 'sys/devices/system/node';
const MAX_NODES = 1_024;

/** A NUMA node. Sizes are bytes. */
export interface NumaNode {
  readonly name: string;
  readonly total: number;
  readonly free: number;
  /** Page cache and other memory that can be taken back, so that a node full of it is not short of memory. */
  readonly reclaimable: number;
  /** Its processors as the kernel writes lists: "0-15,32-47"; empty for a node that has memory alone. */
  readonly cpus: string;
  /** Pages that were wanted here and given elsewhere, and all that were wanted here and given, since boot. */
  readonly missed: number;
  readonly hits: number;
  /** Pages taken out of use for memory errors since boot; undefined before Linux 6.4. */
  readonly poisoned: number | undefined;
}

/** Reads one node. Lines of its meminfo are "Node 0 MemTotal:  32768 kB". */
function readNode(machine: Machine, name: string): NumaNode {
  const values = new Map<string, number>();
  for (const row of (machine.text(`${ROOT}/${name}/meminfo`) ?? '').split('\n').slice(0, 200)) {
    const match = /^Node\s+\d+\s+([A-Za-z0-9_()]+):\s*(\d+)(\s+kB)?/.exec(row);
    if (match?.[1]) values.set(match[1], Number(match[2]) * (match[3] ? 1_024 : 1));
  }
  const of = (key: string) => values.get(key) ?? 0;
  const counters = parseCounters(machine.text(`${ROOT}/${name}/numastat`) ?? '');
  return {
    name,
    total: of('MemTotal'),
    free: of('MemFree'),
    reclaimable: of('Active(file)') + of('Inactive(file)') + of('SReclaimable'),
    cpus: line(machine, `${ROOT}/${name}/cpulist`) ?? '',
    missed: counters.get('numa_foreign') ?? 0,
    hits: counters.get('numa_hit') ?? 0,
    poisoned: number(machine, `${ROOT}/${name}/memory_failure/total`),
  };
}

/** NUMA nodes, in the order of their numbers. */
export const numa = fact({
  id: 'memory.numa',
  reads: [`/${ROOT}/node*/{meminfo,numastat,cpulist}`, `/${ROOT}/node*/memory_failure/total`],
  limitMs: 2_000,
  read: ({ machine }): readonly NumaNode[] => {
    const names = machine.list(ROOT).filter((name) => /^node\d+$/.test(name));
    if (names.length === 0) throw nothing(machine, 'NUMA nodes');
    return names
      .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)))
      .slice(0, MAX_NODES)
      .map((name) => readNode(machine, name));
  },
});
