/** Memory: what each check says of a machine in trouble, and that a healthy one is left in peace. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveMachine } from '../../host/live-machine.ts';
import { found, machineOf, pastOf, reportOf, statuses } from '../testing.ts';
import { MEMORY_CHECKS } from './checks.ts';
import { parseMeminfo } from './meminfo.ts';
import { parsePressure } from './pressure.ts';
import { MEMORY_SAMPLER } from './samples.ts';
import { parseSwaps } from './swaps.ts';
import { memoryTraits } from './traits.ts';

const KIB_PER_GIB = 2 ** 20;
const HOUR = 3_600_000;

/** /proc/meminfo of a healthy machine with 64 GiB; values are GiB. */
function meminfo(over: Record<string, number> = {}): string {
  const values = {
    ...{ MemTotal: 64, MemFree: 20, MemAvailable: 40, Buffers: 1, Cached: 20, SwapCached: 0, Shmem: 1 },
    ...{ AnonPages: 18, Slab: 3, SReclaimable: 2, SUnreclaim: 1, KernelStack: 0.1, PageTables: 0.2 },
    ...{ Percpu: 0.1, SwapTotal: 8, SwapFree: 8, Dirty: 0.1, Writeback: 0, CommitLimit: 40 },
    ...{ Committed_AS: 60, HardwareCorrupted: 0, ...over },
  };
  return Object.entries(values)
    .map(([name, gib]) => `${`${name}:`.padEnd(16)}${Math.round(gib * KIB_PER_GIB)} kB\n`)
    .join('');
}

const calm =
  'some avg10=0.00 avg60=0.00 avg300=0.00 total=10\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=5\n';
const healthy: Record<string, string> = {
  'proc/meminfo': meminfo(),
  'proc/vmstat': 'nr_free_pages 1\npgmajfault 10\npswpin 0\npswpout 0\noom_kill 0\n',
  'proc/uptime': '864000.00 1.00\n',
  'proc/swaps': 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/dm-1  partition\t8388604\t0\t-2\n',
  'proc/pressure/cpu': calm,
  'proc/pressure/memory': calm,
  'proc/pressure/io': calm,
  'sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages': '0\n',
  'sys/devices/system/edac/mc/mc0/mc_name': 'Skylake Socket#0 IMC#0\n',
  'sys/devices/system/edac/mc/mc0/ce_count': '0\n',
  'sys/devices/system/edac/mc/mc0/ue_count': '0\n',
  'sys/devices/system/edac/mc/mc0/seconds_since_reset': '864000\n',
  'sys/devices/system/edac/mc/mc0/dimm0/dimm_label': 'CPU_SrcID#0_MC#0_Chan#0_DIMM#0\n',
  'sys/devices/system/edac/mc/mc0/dimm0/size': '32768\n',
  'sys/devices/system/edac/mc/mc0/dimm0/dimm_ce_count': '0\n',
  'sys/devices/system/edac/mc/mc0/dimm0/dimm_ue_count': '0\n',
  'sys/fs/cgroup/cgroup.controllers': 'cpu memory\n',
  'sys/fs/cgroup/system.slice/nginx.service/memory.events': 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n',
  'sys/fs/cgroup/system.slice/nginx.service/memory.pressure': calm,
};

const sick = (files: Record<string, string>, history?: Parameters<typeof found>[2]) =>
  found(MEMORY_CHECKS, { files: { ...healthy, ...files } }, history);

function node(name: string, of: { total: number; free: number; cache?: number; cpus?: string }) {
  const at = `sys/devices/system/node/${name}`;
  const kib = (gib: number) => Math.round(gib * KIB_PER_GIB);
  const n = name.slice(4);
  return {
    [`${at}/meminfo`]:
      `Node ${n} MemTotal:       ${kib(of.total)} kB\nNode ${n} MemFree:        ${kib(of.free)} kB\n` +
      `Node ${n} Inactive(file):  ${kib(of.cache ?? 0)} kB\nNode ${n} HugePages_Total:     0\n`,
    [`${at}/numastat`]: 'numa_hit 100\nnuma_miss 0\nnuma_foreign 0\n',
    [`${at}/cpulist`]: `${of.cpus ?? '0-15'}\n`,
  };
}

test('a healthy machine has no findings', async () => {
  const report = await reportOf(MEMORY_CHECKS, { files: healthy }, pastOf({}));
  assert.deepEqual(report.findings, []);
  assert.deepEqual(report.problems, []);
  const ended = statuses(report);
  assert.equal(ended['memory.nodes-uneven'], 'not-applicable');
  assert.equal(ended['memory.uncorrected-errors'], 'ok');
});

test('use: memory, swap, strict overcommit, huge pages, page tables, tmpfs, dirty pages', async () => {
  assert.deepEqual(await sick({ 'proc/meminfo': meminfo({ MemAvailable: 5 }) }), [
    'warning memory.nearly-full',
  ]);
  assert.deepEqual(await sick({ 'proc/meminfo': meminfo({ MemAvailable: 0.05 }) }), [
    'critical memory.nearly-full',
  ]);
  const swap = { 'proc/swaps': 'Filename Type Size Used Priority\n/dev/zram0 partition 1000 985 100\n' };
  // Swap that is full beside 15 GiB that can still be had is no emergency yet; beside 5 it is.
  assert.deepEqual(await sick({ ...swap, 'proc/meminfo': meminfo({ MemAvailable: 15 }) }), [
    'warning memory.swap-full',
  ]);
  assert.deepEqual(await sick({ ...swap, 'proc/meminfo': meminfo({ MemAvailable: 5 }) }), [
    'critical memory.swap-full',
    'warning memory.nearly-full',
  ]);
  assert.deepEqual(await sick(swap), ['info memory.swap-full']);
  assert.deepEqual(await sick({ 'proc/sys/vm/overcommit_memory': '2\n' }), ['critical memory.commit-limit']);
  assert.deepEqual(
    await sick({
      'sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages': '16\n',
      'sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages': '14\n',
      'sys/kernel/mm/hugepages/hugepages-1048576kB/resv_hugepages': '2\n',
    }),
    ['info memory.huge-pages-unused 1 GiB'],
  );
  assert.deepEqual(await sick({ 'proc/vmstat': 'htlb_buddy_alloc_fail 3\n' }), [
    'info memory.huge-pages-failed',
  ]);
  assert.deepEqual(await sick({ 'proc/meminfo': meminfo({ PageTables: 9 }) }), [
    'warning memory.page-tables',
  ]);
  assert.deepEqual(await sick({ 'proc/meminfo': meminfo({ Shmem: 30 }) }), ['info memory.shared-large']);
  assert.deepEqual(await sick({ 'proc/meminfo': meminfo({ Dirty: 8 }) }), ['warning memory.dirty-high']);
  assert.deepEqual(await sick({ 'proc/meminfo': meminfo({ SUnreclaim: 20 }) }), [
    'warning memory.slab-large',
  ]);
  assert.deepEqual(await sick({ 'proc/meminfo': meminfo({ AnonPages: 0.5 }) }), ['info memory.unaccounted']);
  assert.deepEqual(
    await sick({
      'proc/meminfo': meminfo({ AnonPages: 0.5 }),
      'proc/spl/kstat/zfs/arcstats': `13 1 0x01 1 2 3 4\nname type data\nsize                            4    ${17 * 2 ** 30}\n`,
    }),
    [],
  );
});

test('want: stalls, kills, services at their limit', async () => {
  assert.deepEqual(
    await sick({
      'proc/pressure/memory': calm.replace(/full.*/, 'full avg10=70.00 avg60=61.20 avg300=1.00 total=9'),
    }),
    ['critical memory.pressure'],
  );
  const killed = { 'proc/vmstat': 'oom_kill 3\n' };
  assert.deepEqual(await sick(killed), ['info memory.oom-kills']);
  assert.deepEqual(await sick({ ...killed, 'proc/uptime': '3600.00 1\n' }), ['warning memory.oom-kills']);
  const grew = pastOf({
    'memory//oom_kills': [
      [HOUR / 2, 1],
      [60_000, 3],
    ],
  });
  assert.deepEqual(await sick(killed, grew), ['warning memory.oom-kills']);
  const service = 'sys/fs/cgroup/system.slice/nginx.service';
  assert.deepEqual(await sick({ [`${service}/memory.events`]: 'max 12\noom_kill 2\n' }), [
    'warning memory.service-oom nginx.service',
  ]);
  assert.deepEqual(
    await sick({ [`${service}/memory.pressure`]: 'full avg10=30.00 avg60=25.00 avg300=1.00 total=9\n' }),
    ['warning memory.service-pressure nginx.service'],
  );
});

test('trends: swapping, faults, a leak of kernel objects', async () => {
  const pages = (gib: number) => (gib * 2 ** 30) / 4_096;
  const history = pastOf({
    'memory//swap_out_pages': [
      [HOUR / 2, 0],
      [0, pages(30)],
    ],
    'memory//major_faults': [
      [HOUR / 4, 0],
      [0, 900 * 900],
    ],
    'memory//slab_unreclaimable_bytes': Array.from({ length: 25 }, (_, at) => [
      (24 - at) * HOUR,
      (1 + at / 4) * 2 ** 30,
    ]),
  });
  assert.deepEqual(await sick({}, history), [
    'warning memory.major-faults',
    'warning memory.slab-growth',
    'warning memory.swap-traffic',
  ]);
  const once = Array.from({ length: 25 }, (_, at) => [(24 - at) * HOUR, at < 3 ? 1 : 2 ** 34] as const);
  assert.deepEqual(await sick({}, pastOf({ 'memory//slab_unreclaimable_bytes': once })), []);
});

test('errors of modules, by slot, by controller, by rows of old drivers, by history', async () => {
  const mc = 'sys/devices/system/edac/mc/mc0';
  const slot = 'CPU_SrcID#0_MC#0_Chan#0_DIMM#0';
  assert.deepEqual(await sick({ [`${mc}/ue_count`]: '1\n', [`${mc}/dimm0/dimm_ue_count`]: '1\n' }), [
    `critical memory.uncorrected-errors ${slot}`,
  ]);
  assert.deepEqual(await sick({ [`${mc}/ue_count`]: '2\n' }), [
    'critical memory.uncorrected-errors mc0 (Skylake Socket#0 IMC#0)',
  ]);
  const ten = { [`${mc}/ce_count`]: '4000\n', [`${mc}/dimm0/dimm_ce_count`]: '4000\n' };
  assert.deepEqual(await sick(ten), [`warning memory.corrected-errors ${slot}`]);
  const calmNow = pastOf({
    'memory/mc0:dimm0/corrected_errors': [
      [20 * HOUR, 4000],
      [0, 4000],
    ],
  });
  assert.deepEqual(await sick(ten, calmNow), []);
  const few = { [`${mc}/ce_count`]: '3\n', [`${mc}/dimm0/dimm_ce_count`]: '3\n' };
  assert.deepEqual(await sick(few), [`info memory.corrected-errors ${slot}`]);
  const rows = {
    'sys/devices/system/edac/mc/mc1/ce_count': '70\n',
    'sys/devices/system/edac/mc/mc1/ue_count': '0\n',
    'sys/devices/system/edac/mc/mc1/csrow0/ch0_ce_count': '70\n',
    'sys/devices/system/edac/mc/mc1/csrow0/ch0_dimm_label': 'DIMM_A1\n',
    'sys/devices/system/edac/mc/mc1/csrow0/ch1_ce_count': '0\n',
    'proc/uptime': '86400.00 1\n',
  };
  assert.deepEqual(await sick(rows), ['warning memory.corrected-errors DIMM_A1']);
  assert.deepEqual(await sick({ 'proc/meminfo': meminfo({ HardwareCorrupted: 0.001 }) }), [
    'warning memory.pages-poisoned',
  ]);
});

test('NUMA: a node without memory, an uneven one, an exhausted one', async () => {
  const two = { ...node('node0', { total: 32, free: 10 }), ...node('node1', { total: 32, free: 12 }) };
  assert.deepEqual(await sick(two), []);
  assert.deepEqual(await sick({ ...two, ...node('node1', { total: 0, free: 0 }) }), [
    'warning memory.node-without-memory node1',
  ]);
  assert.deepEqual(await sick({ ...two, ...node('node1', { total: 16, free: 8 }) }), [
    'info memory.nodes-uneven node1',
  ]);
  assert.deepEqual(await sick({ ...two, ...node('node1', { total: 32, free: 0.2 }) }), [
    'warning memory.node-exhausted node1',
  ]);
  assert.deepEqual(await sick({ ...two, ...node('node1', { total: 32, free: 0.2, cache: 8 }) }), []);
});

test('nonsense is told, never taken for health', async () => {
  const report = await reportOf(MEMORY_CHECKS, {
    files: { 'proc/meminfo': '\ufffd\r\n', 'proc/vmstat': '', 'proc/pressure/memory': 'x', 'proc/swaps': '' },
  });
  const ended = statuses(report);
  assert.equal(ended['memory.nearly-full'], 'skipped');
  assert.equal(ended['memory.oom-kills'], 'skipped');
  assert.equal(ended['memory.pressure'], 'not-applicable');
  assert.equal(ended['memory.swap-full'], 'skipped');
  assert.deepEqual(report.problems.map(({ what }) => what).sort(), [
    'memory.meminfo',
    'memory.swaps',
    'memory.vmstat',
  ]);
});

test('formats of old and new kernels', () => {
  // Before Linux 3.14 there was no MemAvailable.
  const old = parseMeminfo(
    'MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 300 kB\nSReclaimable: 80 kB\nShmem: 30 kB\n',
  );
  assert.equal(old.available, 500 * 1_024);
  assert.equal(parseMeminfo('MemTotal: 18014398509481984 kB\r\n').total, 18014398509481984 * 1_024);
  assert.equal(
    parsePressure('some avg10=0.50 avg60=1.25 avg300=2.00 total=18446744073709551615\n').some?.avg60,
    1.25,
  );
  assert.equal(parsePressure('some avg10=0.50 avg60=1.25 avg300=2.00 total=7\n').full, undefined);
  assert.deepEqual(
    parseSwaps('Filename\tType\tSize\tUsed\tPriority\n/swap\\040file file 8 4 -3\n').map(({ kind, used }) => [
      kind,
      used,
    ]),
    [['file', 4_096]],
  );
});

test('samples and traits', async () => {
  const machine = machineOf({
    files: { ...healthy, 'sys/devices/system/edac/mc/mc0/dimm0/dimm_ce_count': '3\n' },
  });
  const samples = new Map(
    (await MEMORY_SAMPLER.read(machine, new AbortController().signal)).map(({ series, value }) => [
      series,
      value,
    ]),
  );
  assert.equal(samples.get('memory//available_bytes'), 40 * 2 ** 30);
  assert.equal(samples.get('memory//oom_kills'), 0);
  assert.equal(samples.get('memory/pressure-io/full_us'), 5);
  assert.equal(samples.get('memory/mc0:dimm0/corrected_errors'), 3);
  const { traits } = await import('../diagnose.ts').then(({ diagnose }) =>
    diagnose({ machine, signal: new AbortController().signal, checks: [], traits: [memoryTraits] }),
  );
  assert.deepEqual(traits, [
    { name: 'memory', value: '64 GiB' },
    { name: 'dimms', value: '1' },
  ]);
});

test('this machine', async () => {
  const report = await reportOf(MEMORY_CHECKS, new LiveMachine());
  assert.notEqual(statuses(report)['memory.nearly-full'], 'skipped');
  assert.deepEqual(
    report.problems.filter(({ kind }) => kind === 'nonsense'),
    [],
  );
  assert.ok((await MEMORY_SAMPLER.read(new LiveMachine(), new AbortController().signal)).length >= 5);
});
