/**
 * NUMA nodes: memory and processors of each, and pages that had to come from another node. Of captured machines numastat and
 * `numastat -m` (numactl's numastat.c) tell the same where /sys was not saved.
 */

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

/**
 * Tables of numastat: a column a node, "numa_hit  1376 1440" in pages and, with -m, "MemFree  1024.50 2048.10 3072.60" in MiB, of which
 * the last column is the sum. Rows of processes, as -p prints them, have other names and are passed over.
 */
function parseNumastat(text: string): NumaNode[] {
  const nodes = new Map<string, Map<string, number>>();
  let columns: string[] = [];
  for (const row of text.split('\n', 10_000)) {
    const words = row
      .slice(0, 20_000)
      .trim()
      .split(/\s{2,}/);
    // "Node 0" stands in one column; without -m they are "node0".
    const heading = words.every((word) => /^(?:[Nn]ode ?\d{1,4}|Total)$/.test(word));
    if (heading) columns = words.map((word) => word.toLowerCase().replace(' ', ''));
    const [name = '', ...values] = row.trim().split(/\s+/);
    if (heading || columns.length === 0 || !/^[A-Za-z][\w()]{1,30}$/.test(name)) continue;
    for (const [at, node] of columns.entries()) {
      const value = Number(values[at]);
      if (node === 'total' || values[at] === undefined || !Number.isFinite(value)) continue;
      const known = nodes.get(node) ?? new Map<string, number>();
      nodes.set(node, known.set(name, value));
    }
  }
  return [...nodes].slice(0, MAX_NODES).map(([name, values]) => {
    const bytes = (key: string) => (values.get(key) ?? 0) * (1 << 20);
    return {
      ...{ name, total: bytes('MemTotal'), free: bytes('MemFree') },
      reclaimable: bytes('Active(file)') + bytes('Inactive(file)') + bytes('SReclaimable'),
      cpus: '',
      missed: values.get('numa_foreign') ?? 0,
      hits: values.get('numa_hit') ?? 0,
      poisoned: undefined,
    };
  });
}

/** NUMA nodes, in the order of their numbers. */
export const numa = fact({
  id: 'memory.numa',
  reads: [
    ...[`/${ROOT}/node*/{meminfo,numastat,cpulist}`, `/${ROOT}/node*/memory_failure/total`],
    'numastat and numastat -m, on a captured machine',
  ],
  limitMs: 2_000,
  read: ({ machine }): readonly NumaNode[] => {
    const names = machine.list(ROOT).filter((name) => /^node\d+$/.test(name));
    if (names.length === 0) {
      const told = parseNumastat((machine.saved?.('numastat') ?? []).map(({ text }) => text).join('\n'));
      if (told.length > 0) return told;
      throw nothing(machine, 'NUMA nodes');
    }
    return names
      .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)))
      .slice(0, MAX_NODES)
      .map((name) => readNode(machine, name));
  },
});
