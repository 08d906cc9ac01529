/** Checks of how much memory is used, and for what. */

import { check } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { inBytes, percent } from '../quantities.ts';
import { hugePages } from './huge-pages.ts';
import { type Memory, meminfo, memoryUse, vmstat } from './meminfo.ts';
import { swaps } from './swaps.ts';

const GIB = 2 ** 30;

/** The fields of /proc/meminfo that what can be had is reckoned from. */
function toldBy({ has }: Memory): string {
  if (has('MemAvailable')) return 'MemAvailable';
  return `${['MemFree', 'Buffers', 'Cached', 'SReclaimable'].filter(has).join(' + ')}${has('Shmem') ? ' - Shmem' : ''}`;
}

const available = check({
  id: 'memory.nearly-full',
  area: 'memory',
  title: 'Memory that is nearly used up',
  about:
    'Judges MemAvailable: what programs can still get without swapping, page cache that can be dropped included; before Linux 3.14 that is reckoned. ' +
    'When it ends, the kernel kills processes, and long before that it spends its time looking for free pages.',
  needs: { memory: memoryUse },
  thresholds: {
    usedPercent: {
      value: 90,
      unit: '%',
      source: 'node-mixin NodeMemoryHighUtilization; netdata ram_available (10 %)',
    },
    criticalPercent: { value: 98, unit: '%', source: 'netdata ram_in_use' },
    criticalMiB: {
      value: 100,
      unit: 'MiB',
      source: 'kubelet’s hard eviction default, memory.available<100Mi',
    },
  },
  links: ['https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/'],
  evaluate: ({ memory }, { usedPercent, criticalPercent, criticalMiB }) => {
    const used = percent(memory.total - memory.available, memory.total);
    const critical = used >= criticalPercent || memory.available < criticalMiB * 2 ** 20;
    if (used < usedPercent && !critical) return [];
    return [
      {
        severity: critical ? 'critical' : 'warning',
        title: 'Memory is nearly used up',
        parameters: { usedPercent: used, availableBytes: memory.available, totalBytes: memory.total },
        evidence: [
          `${inBytes(memory.available)} of ${inBytes(memory.total)} can still be had${memory.all ? ` (${toldBy(memory.all)})` : ''}`,
          ...(memory.all
            ? [
                `anonymous ${inBytes(memory.all.of('AnonPages'))}, shared ${inBytes(memory.all.of('Shmem'))}, ` +
                  `slab ${inBytes(memory.all.of('Slab'))}, page tables ${inBytes(memory.all.of('PageTables'))}`,
              ]
            : []),
        ],
        remedy: {
          text: 'Find what grew, limit it (MemoryMax= in its unit), or give the machine more memory.',
          risk: 'restart',
        },
        explains: ['memory.pressure', 'memory.swap-traffic', 'memory.major-faults', 'memory.oom-kills'],
      },
    ];
  },
});

const swapFull = check({
  id: 'memory.swap-full',
  area: 'memory',
  title: 'Swap that is nearly full',
  about:
    'Full swap means that memory was short for long: nothing more can be moved out, and what comes next is the kernel ' +
    'killing processes. Swap in compressed memory (zram) is judged like any other. While much memory can be had it holds what nobody uses, ' +
    'which is no trouble.',
  needs: { swaps },
  wants: { memory: memoryUse },
  thresholds: {
    plentyPercent: { value: 25, unit: '%', source: 'chosen: a quarter of memory available is no want of it' },
    usedPercent: { value: 90, unit: '%', source: 'netdata used_swap; systemd-oomd SwapUsedLimit=90%' },
    criticalPercent: { value: 98, unit: '%', source: 'netdata used_swap; where memory is short too' },
    shortPercent: { value: 10, unit: '%', source: 'as for memory.nearly-full' },
  },
  evaluate: ({ swaps: areas, memory }, { usedPercent, criticalPercent, plentyPercent, shortPercent }) => {
    const size = areas.reduce((sum, one) => sum + one.size, 0);
    const used = percent(
      areas.reduce((sum, one) => sum + one.used, 0),
      size,
    );
    if (used < usedPercent) return [];
    const available = memory && percent(memory.available, memory.total);
    const plenty = available !== undefined && available >= plentyPercent;
    // Full swap says that memory was short once, not that it is: where that is told, it decides.
    const short = available === undefined || available < shortPercent;
    return [
      {
        severity: plenty ? 'info' : short && used >= criticalPercent ? 'critical' : 'warning',
        title: plenty ? 'Swap is nearly full, and memory is not short' : 'Swap is nearly full',
        parameters: { usedPercent: used, sizeBytes: size },
        evidence: [
          ...areas.map(
            (one) =>
              `${one.path}${one.kind === '' ? '' : ` (${one.kind})`}: ${inBytes(one.used)} of ${inBytes(one.size)} used`,
          ),
          ...(memory
            ? [`${inBytes(memory.available)} of ${inBytes(memory.total)} of memory can still be had`]
            : []),
        ].slice(-3),
        remedy: {
          text: 'Find what uses the memory; more swap only puts the end off.',
          risk: 'none',
        },
      },
    ];
  },
});

const commit = check({
  id: 'memory.commit-limit',
  area: 'memory',
  title: 'Promised memory near the limit of strict overcommit',
  about:
    'With vm.overcommit_memory=2 the kernel refuses memory when what it has promised (Committed_AS) reaches CommitLimit, ' +
    'even while much of it is free: programs then fail to start or to fork. Other modes have no such limit.',
  needs: { meminfo },
  thresholds: {
    warnPercent: { value: 90, unit: '%', source: 'chosen: the last tenth before allocations fail' },
    criticalPercent: { value: 98, unit: '%', source: 'chosen: a few processes before allocations fail' },
  },
  links: ['https://www.kernel.org/doc/html/latest/mm/overcommit-accounting.html'],
  evaluate: ({ meminfo: memory }, { warnPercent, criticalPercent }) => {
    // The limit is told in every mode. Only in strict mode can promises never go beyond it; elsewhere they mostly do.
    const limit = memory.of('CommitLimit');
    const used = percent(memory.of('Committed_AS'), limit);
    if (!memory.strictOvercommit || used < warnPercent) return [];
    return [
      {
        severity: used >= criticalPercent ? 'critical' : 'warning',
        title: 'Promised memory is near the limit of strict overcommit',
        parameters: { usedPercent: used, limitBytes: limit },
        evidence: [
          `Committed_AS ${inBytes(memory.of('Committed_AS'))} of CommitLimit ${inBytes(limit)}, ` +
            `while ${inBytes(memory.available)} are available`,
        ],
        remedy: {
          text: 'Raise vm.overcommit_ratio or vm.overcommit_kbytes, add swap, or set vm.overcommit_memory=0.',
          risk: 'none',
        },
      },
    ];
  },
});

const hugeUnused = check({
  id: 'memory.huge-pages-unused',
  area: 'memory',
  title: 'Huge pages that are set aside and not used',
  about:
    'Memory in the pool of huge pages is lost for everything else, page cache included. Pages that are free and not ' +
    'promised to anyone are wasted.',
  needs: { hugePages },
  wants: { meminfo },
  thresholds: {
    leastGiB: { value: 1, unit: 'GiB', source: 'chosen: less is not worth a line' },
    unusedPercent: { value: 50, unit: '%', source: 'chosen: half of the pool' },
  },
  evaluate: ({ hugePages: pools, meminfo: memory }, { leastGiB, unusedPercent }) =>
    pools.flatMap((pool): FindingDraft[] => {
      const unused = Math.max(0, pool.free - pool.reserved);
      if (unused * pool.size < leastGiB * GIB || percent(unused, pool.total) < unusedPercent) return [];
      return [
        {
          severity: 'info',
          title: 'Huge pages are set aside and not used',
          subject: { kind: 'hugepages', name: inBytes(pool.size) },
          parameters: { unusedBytes: unused * pool.size, totalPages: pool.total, freePages: pool.free },
          evidence: [
            `${unused} of ${pool.total} pages of ${inBytes(pool.size)} are free and not reserved: ` +
              `${inBytes(unused * pool.size)}${memory ? ` of ${inBytes(memory.total)} memory` : ''}`,
          ],
          remedy: {
            text: 'Start what they were meant for, or lower vm.nr_hugepages (hugepages= on the command line).',
            risk: 'none',
          },
        },
      ];
    }),
});

const hugeFailed = check({
  id: 'memory.huge-pages-failed',
  area: 'memory',
  title: 'Huge pages that could not be had',
  about:
    'Counts failed allocations into the pool of huge pages since boot (htlb_buddy_alloc_fail): memory was too fragmented. ' +
    'The pool is then smaller than configured, and programs that need it do not start.',
  needs: { vmstat },
  wants: { hugePages },
  evaluate: ({ vmstat: counters, hugePages: pools }) => {
    const failed = counters.get('htlb_buddy_alloc_fail') ?? 0;
    if (failed === 0) return [];
    return [
      {
        severity: 'info',
        certainty: 'likely',
        title: 'Huge pages could not be allocated',
        parameters: { failed },
        evidence: [
          `htlb_buddy_alloc_fail is ${failed}`,
          ...(pools ?? []).map(({ size, total }) => `${total} pages of ${inBytes(size)} are in the pool`),
        ],
        remedy: {
          text: 'Reserve them at boot, before memory is fragmented: hugepagesz=… hugepages=… on the command line.',
          risk: 'reboot',
        },
      },
    ];
  },
});

const pageTables = check({
  id: 'memory.page-tables',
  area: 'memory',
  title: 'Much memory in page tables',
  about:
    'Many processes that map the same large shared memory (databases) each need page tables for it. With 4 KiB pages they ' +
    'can take more memory than the data.',
  needs: { meminfo },
  thresholds: {
    warnPercent: { value: 10, unit: '%', source: 'chosen: a tenth of all memory for bookkeeping' },
  },
  evaluate: ({ meminfo: memory }, { warnPercent }) => {
    const tables = memory.of('PageTables') + memory.of('SecPageTables');
    if (percent(tables, memory.total) < warnPercent) return [];
    return [
      {
        severity: 'warning',
        title: 'Page tables take much of the memory',
        parameters: { pageTablesPercent: percent(tables, memory.total), pageTablesBytes: tables },
        evidence: [`PageTables ${inBytes(tables)} of ${inBytes(memory.total)}`],
        remedy: {
          text: 'Give the program that shares memory huge pages, or let fewer processes map it.',
          risk: 'restart',
        },
      },
    ];
  },
});

const shared = check({
  id: 'memory.shared-large',
  area: 'memory',
  title: 'Much memory in tmpfs and shared memory',
  about:
    'Files in tmpfs (/dev/shm, /run, /tmp) and shared memory belong to no process that could be killed: they stay until ' +
    'they are deleted, and count as page cache in most displays.',
  needs: { meminfo },
  thresholds: {
    infoPercent: { value: 40, unit: '%', source: 'chosen: tmpfs may by default grow to 50 % of memory' },
  },
  evaluate: ({ meminfo: memory }, { infoPercent }) => {
    const size = memory.of('Shmem');
    if (percent(size, memory.total) < infoPercent) return [];
    return [
      {
        severity: 'info',
        title: 'Files in tmpfs and shared memory take much of the memory',
        parameters: { sharedPercent: percent(size, memory.total), sharedBytes: size },
        evidence: [`Shmem ${inBytes(size)} of ${inBytes(memory.total)}`],
        remedy: {
          text: 'Look into /dev/shm, /run and /tmp for large files; ipcs -m shows shared memory.',
          risk: 'none',
        },
      },
    ];
  },
});

const dirty = check({
  id: 'memory.dirty-high',
  area: 'memory',
  title: 'Much data that waits to be written',
  about:
    'When dirty pages reach vm.dirty_ratio of the available memory, every program that writes is made to wait for the disk. ' +
    'That happens where a disk or network file system is slower than what is written to it.',
  needs: { meminfo },
  thresholds: {
    warnPercent: {
      value: 18,
      unit: '%',
      source: 'Linux default vm.dirty_ratio=20: writers wait from there on',
    },
  },
  links: ['https://www.kernel.org/doc/html/latest/admin-guide/sysctl/vm.html'],
  evaluate: ({ meminfo: memory }, { warnPercent }) => {
    const waiting = memory.of('Dirty') + memory.of('Writeback') + memory.of('NFS_Unstable');
    if (percent(waiting, memory.available) < warnPercent || waiting < GIB / 4) return [];
    return [
      {
        severity: 'warning',
        title: 'Programs that write have to wait for slow storage',
        certainty: 'likely',
        parameters: { waitingPercent: percent(waiting, memory.available), waitingBytes: waiting },
        evidence: [
          `Dirty ${inBytes(memory.of('Dirty'))} and Writeback ${inBytes(memory.of('Writeback'))} of ` +
            `${inBytes(memory.available)} available memory`,
        ],
        remedy: { text: 'Look at the disk that is written to: nodectl diag disk.', risk: 'none' },
        explains: ['disk.io-pressure', 'system.processes-stuck'],
      },
    ];
  },
});

/** Checks of what memory is used for. */
export const MEMORY_USE_CHECKS = [
  available,
  swapFull,
  commit,
  hugeUnused,
  hugeFailed,
  pageTables,
  shared,
  dirty,
] as const;
