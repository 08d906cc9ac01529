/** Memory: /proc/meminfo field by field, some of /proc/vmstat, pressure, and errors that EDAC counts. */

import { edac } from '../../diagnostics/memory/edac.ts';
import { meminfo, vmstat } from '../../diagnostics/memory/meminfo.ts';
import { type Pressure, pressures } from '../../diagnostics/memory/pressure.ts';
import { CHEAP_MS, type Collector } from '../collector.ts';
import { counter, type Family, gauge, unknown } from '../family.ts';

/** Fields of /proc/meminfo that are worth a series on every node, those in bytes and those in pages. */
const BYTES = [
  ...['MemTotal', 'MemFree', 'MemAvailable', 'Buffers', 'Cached', 'SwapCached', 'SwapTotal', 'SwapFree'],
  ...['Active', 'Inactive', 'Active(anon)', 'Inactive(anon)', 'Active(file)', 'Inactive(file)'],
  ...['Unevictable', 'Mlocked', 'Dirty', 'Writeback', 'AnonPages', 'Mapped', 'Shmem', 'Slab', 'SReclaimable'],
  ...['SUnreclaim', 'KernelStack', 'PageTables', 'CommitLimit', 'Committed_AS', 'Percpu', 'AnonHugePages'],
  ...['HardwareCorrupted', 'Hugepagesize', 'Hugetlb'],
] as const;
const PAGES = ['HugePages_Total', 'HugePages_Free', 'HugePages_Rsvd', 'HugePages_Surp'] as const;
const VMSTAT = ['oom_kill', 'pgfault', 'pgmajfault', 'pgpgin', 'pgpgout', 'pswpin', 'pswpout'] as const;

/** /proc/meminfo and /proc/vmstat. */
export const memoryCollector: Collector = {
  id: 'memory',
  freshMs: CHEAP_MS,
  collect: async (reading) => {
    const memory = await reading.get(meminfo);
    const of = (name: string) => (memory.has(name) ? memory.of(name) : undefined);
    const counters = await reading.part('/proc/vmstat', () => reading.get(vmstat));
    const field = (name: string) => name.replace('(', '_').replace(')', '');
    return [
      ...BYTES.map((name) =>
        gauge(`node_memory_${field(name)}_bytes`, `${name} of /proc/meminfo.`, of(name)),
      ),
      ...PAGES.map((name) => gauge(`node_memory_${name}`, `${name} of /proc/meminfo, in pages.`, of(name))),
      ...VMSTAT.map((name) =>
        unknown(`node_vmstat_${name}`, `${name} of /proc/vmstat, since boot.`, counters?.get(name)),
      ),
    ];
  },
};

function stalled(what: string, pressure: Pressure | undefined): Family[] {
  const seconds = (usec: number | undefined) => (usec === undefined ? undefined : usec / 1e6);
  const name = `node_pressure_${what}`;
  return [
    ...(what === 'irq'
      ? []
      : [
          counter(
            `${name}_waiting_seconds`,
            `Time in which at least one task waited for ${what}, since boot.`,
            seconds(pressure?.some?.totalUs),
          ),
        ]),
    ...(what === 'cpu'
      ? []
      : [
          counter(
            `${name}_stalled_seconds`,
            `Time in which no task got on because all waited for ${what}, since boot.`,
            seconds(pressure?.full?.totalUs),
          ),
        ]),
  ];
}

/** Pressure stall information. */
export const pressureCollector: Collector = {
  id: 'pressure',
  freshMs: CHEAP_MS,
  collect: async (reading) => {
    const { cpu, memory, io, irq } = await reading.get(pressures);
    return [
      ...stalled('cpu', cpu),
      ...stalled('memory', memory),
      ...stalled('io', io),
      ...stalled('irq', irq),
    ];
  },
};

/** Errors of memory modules. */
export const edacCollector: Collector = {
  id: 'edac',
  freshMs: CHEAP_MS,
  collect: async (reading) => {
    const controllers = (await reading.get(edac)).map(
      (one) => [{ controller: one.name.replace(/^mc/, '') }, one] as const,
    );
    const modules = controllers.flatMap(([labels, { modules: all }]) =>
      all.map(
        ({ name, label, ...one }) => [{ ...labels, dimm: name.replace(/^mc\d+\//, ''), label }, one] as const,
      ),
    );
    return [
      counter(
        'node_edac_correctable_errors',
        'Errors of memory that were corrected.',
        controllers.map(([labels, one]) => [labels, one.corrected]),
      ),
      counter(
        'node_edac_uncorrectable_errors',
        'Errors of memory that could not be corrected.',
        controllers.map(([labels, one]) => [labels, one.uncorrected]),
      ),
      counter(
        'nodectl_edac_dimm_correctable_errors',
        'Errors of a memory module that were corrected.',
        modules.map(([labels, one]) => [labels, one.corrected]),
      ),
      counter(
        'nodectl_edac_dimm_uncorrectable_errors',
        'Errors of a memory module that could not be corrected.',
        modules.map(([labels, one]) => [labels, one.uncorrected]),
      ),
    ];
  },
};
