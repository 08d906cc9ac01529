/** Checks of memory that the kernel itself uses, and of memory that nobody accounts for. */

import { check, Skipped } from '../check.ts';
import { fact } from '../fact.ts';
import { NO_TREND, past } from '../past.ts';
import { inBytes, inTime, percent } from '../quantities.ts';
import { meminfo, parseCounters } from './meminfo.ts';
import { slabCaches } from './slab-caches.ts';

const DAY = 86_400_000;
const GIB = 2 ** 30;

const slab = check({
  id: 'memory.slab-large',
  area: 'memory',
  title: 'Much memory in kernel objects that cannot be freed',
  about:
    'SUnreclaim is memory in the kernel’s own objects: network buffers, dentries in use, control groups that died and are ' +
    'still referred to. A driver that leaks shows here. It is worth knowing where enough memory is available beside it, and a warning where ' +
    'there is not, or where it is far more than usual.',
  needs: { meminfo },
  wants: { slabCaches },
  thresholds: {
    infoPercent: { value: 20, unit: '%', source: 'chosen: healthy machines stay below a tenth' },
    warnPercent: { value: 30, unit: '%', source: 'chosen: three times as much' },
    availablePercent: {
      value: 20,
      unit: '%',
      source: 'chosen: twice what netdata ram_available warns at (10 %)',
    },
  },
  evaluate: ({ meminfo: memory, slabCaches }, { infoPercent, warnPercent, availablePercent }) => {
    const largest = slabCaches?.[0];
    const size = memory.of('SUnreclaim');
    const share = percent(size, memory.total);
    if (share < infoPercent) return [];
    const enough = percent(memory.of('MemAvailable'), memory.total) >= availablePercent;
    return [
      {
        severity: share < warnPercent && enough ? 'info' : 'warning',
        certainty: 'likely',
        title: 'Kernel objects that cannot be freed take much of the memory',
        parameters: { slabPercent: share, slabBytes: size },
        evidence: [
          `SUnreclaim ${inBytes(size)} of ${inBytes(memory.total)}` +
            (largest ? `; the largest kind is ${largest.name} with ${inBytes(largest.bytes)}` : ''),
        ],
        remedy: {
          text: '/proc/slabinfo names the kind of object; a reboot frees it, a newer kernel may mend it.',
          risk: 'reboot',
        },
        explains: ['memory.nearly-full', 'memory.oom-kills'],
      },
    ];
  },
});

/** Kinds that are given back when memory runs short, as caches of files are. */
const GIVEN_BACK =
  /^(?:dentry|buffer_head|radix_tree_node|\w*inode\w*|\w*(?:ext4|xfs|btrfs|nfs|fuse|zfs|arc|dnode|dmu|zio|sa_cache|znode)\w*|kmem_cache\w*|shared_policy_node)$/;

const slabKind = check({
  id: 'memory.slab-kind-large',
  area: 'memory',
  title: 'One kind of kernel objects that holds very much memory',
  about:
    'Of a captured machine that has the output of slabtop and not how much memory there is: a kind that is no cache of files, and holds most of ' +
    'all kernel objects, leaks most often.',
  needs: { slabCaches },
  wants: { meminfo },
  thresholds: {
    gibibytes: { value: 16, unit: 'GiB', source: 'chosen: no driver’s buffers take so much' },
    sharePercent: { value: 60, unit: '%', source: 'chosen: of all kernel objects' },
  },
  evaluate: ({ slabCaches: kinds, meminfo: memory }, { gibibytes, sharePercent }) => {
    if (kinds.length === 0) return new Skipped('the output of slabtop has no table');
    // How much that is of the memory is judged where it is known.
    if (memory) return [];
    const [largest] = kinds;
    const share = percent(
      largest?.bytes ?? 0,
      kinds.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    if (!largest || largest.bytes < gibibytes * GIB || share < sharePercent || GIVEN_BACK.test(largest.name))
      return [];
    return [
      {
        severity: 'warning',
        certainty: 'likely',
        title: 'One kind of kernel objects takes very much memory',
        subject: { kind: 'slab', name: largest.name },
        parameters: { slabBytes: largest.bytes },
        evidence: [`${largest.name}: ${inBytes(largest.bytes)}, ${share} % of all that slabtop lists`],
        remedy: { text: 'A reboot frees it; a newer kernel or driver may mend it.', risk: 'reboot' },
      },
    ];
  },
});

const slabGrowth = check({
  id: 'memory.slab-growth',
  area: 'memory',
  title: 'Kernel objects that become more and more',
  about:
    'A leak in the kernel or in one of its modules: SUnreclaim grew over the last day, in the first and in the second half of ' +
    'it, and is never given back. Judged by the agent’s history.',
  needs: { meminfo, past },
  thresholds: {
    growthPercent: {
      value: 5,
      unit: '%',
      source: 'chosen: of all memory in a day; it is full in under three weeks',
    },
  },
  evaluate: ({ meminfo: memory, past: history }, { growthPercent }) => {
    const points = history.points('memory//slab_unreclaimable_bytes', DAY);
    const first = points[0];
    const last = points.at(-1);
    const middle = points[points.length >> 1];
    if (!first || !last || !middle || points.length < 12 || last.at - first.at < DAY / 2) return NO_TREND;
    const grown = last.value - first.value;
    const steady = middle.value - first.value > grown / 4 && last.value - middle.value > grown / 4;
    const days = (last.at - first.at) / DAY;
    if (!steady || percent(grown / days, memory.total) < growthPercent) return [];
    return [
      {
        severity: 'warning',
        certainty: 'likely',
        title: 'Kernel objects take more and more memory',
        parameters: { growthBytes: grown, slabBytes: last.value },
        evidence: [
          `SUnreclaim grew by ${inBytes(grown)} in ${inTime(last.at - first.at)}, to ${inBytes(last.value)}`,
        ],
        firstMs: first.at,
        lastMs: last.at,
        remedy: {
          text: '/proc/slabinfo names the kind of object. Look for a newer kernel or driver.',
          risk: 'reboot',
        },
        explains: ['memory.slab-large', 'memory.nearly-full'],
      },
    ];
  },
});

/** Memory of the ZFS cache, which /proc/meminfo does not know; 0 without ZFS. */
const zfsCache = fact({
  id: 'memory.zfs-cache',
  reads: ['/proc/spl/kstat/zfs/arcstats'],
  limitMs: 1_000,
  read: ({ machine }) => {
    // Lines are "size 4 1234": name, type, value.
    const rows = (machine.text('proc/spl/kstat/zfs/arcstats') ?? '').replace(
      /^(\w+)\s+\d+\s+(\d+)$/gm,
      '$1 $2',
    );
    return parseCounters(rows).get('size') ?? 0;
  },
});

const ACCOUNTED = [
  'MemFree',
  'Buffers',
  'Cached',
  'SwapCached',
  'AnonPages',
  'Slab',
  'KernelStack',
  'PageTables',
  'SecPageTables',
  'Percpu',
  'Hugetlb',
  'HardwareCorrupted',
  'Balloon',
  'Bounce',
  'ShadowCallStack',
] as const;

/** What every kernel tells, and most memory is in. */
const PRINCIPAL = ['MemFree', 'Cached', 'AnonPages', 'Slab'] as const;

const unaccounted = check({
  id: 'memory.unaccounted',
  area: 'memory',
  title: 'Memory that nobody accounts for',
  about:
    'What is neither free nor cache, programs, kernel objects, page tables or huge pages was taken by drivers page by page: ' +
    'a balloon that the hypervisor inflated, buffers of NICs and GPUs, or a leak. The cache of ZFS is subtracted.',
  needs: { meminfo },
  wants: { zfsCache },
  thresholds: {
    infoPercent: { value: 25, unit: '%', source: 'chosen: drivers usually take less than a tenth' },
    leastGiB: { value: 2, unit: 'GiB', source: 'chosen: less is not worth a line' },
  },
  evaluate: ({ meminfo: memory, zfsCache: cache = 0 }, { infoPercent, leastGiB }) => {
    // Pages of huge pages are in Hugetlb since Linux 4.20; before, the sizes have to be reckoned.
    const huge = memory.of('Hugetlb') > 0 ? 0 : memory.of('HugePages_Total') * memory.of('Hugepagesize');
    const known = ACCOUNTED.reduce((sum, name) => sum + memory.of(name), huge + cache);
    const size = memory.total - known;
    if (percent(size, memory.total) < infoPercent || size < leastGiB * GIB) return [];
    // Of a file of which somebody kept some lines, nothing is known of the others.
    if (!PRINCIPAL.every((name) => memory.has(name)))
      return new Skipped('/proc/meminfo does not tell what memory is used for');
    return [
      {
        severity: 'info',
        certainty: 'possible',
        title: 'Much memory is accounted for by nobody',
        parameters: { unaccountedPercent: percent(size, memory.total), unaccountedBytes: size },
        evidence: [
          `${inBytes(size)} of ${inBytes(memory.total)} are neither free nor cache, programs, kernel objects or huge pages`,
        ],
        remedy: {
          text: 'On a virtual machine look at its balloon; else compare with siblings that have other drivers.',
          risk: 'none',
        },
      },
    ];
  },
});

/** Checks of the kernel’s own memory. */
export const MEMORY_KERNEL_CHECKS = [slab, slabKind, slabGrowth, unaccounted] as const;
