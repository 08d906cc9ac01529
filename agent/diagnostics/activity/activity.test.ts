/** What vmstat, iostat, mpstat, sar, top, free and uptime showed while somebody looked: troubles are found, what is well raises nothing. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';
import { parseFree } from './free.ts';
import { parseSysstat } from './sysstat.ts';
import { parseTop } from './top.ts';
import { parseVmstat } from './vmstat.ts';

const VMSTAT =
  'procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st\n';
const BANNER = (cpus: number) => `Linux 5.14.0-1.x86_64 (db1) \t11/28/2026 \t_x86_64_\t(${cpus} CPU)\n\n`;
const TOTALS = (values: string) =>
  `avg-cpu:  %user   %nice %system %iowait  %steal   %idle\n          ${values}\n\n`;
const V12 =
  'Device            r/s     rkB/s   rrqm/s  %rrqm r_await rareq-sz     w/s     wkB/s   wrqm/s  %wrqm w_await wareq-sz     d/s     dkB/s   drqm/s  %drqm d_await dareq-sz     f/s f_await  aqu-sz  %util\n';
const ROW12 = (name: string, wait: number, queue: number, busy: number) =>
  `${name} 80.00 900.00 0.00 0.00 ${wait}.00 11.25 130.00 2000.00 0.00 0.00 ${wait}.00 15.38 0.00 0.00 0.00 0.00 0.00 0.00 0.00 0.00 ${queue}.20 ${busy}.00\n`;
const V9 =
  'Device:         rrqm/s   wrqm/s     r/s     w/s   rsec/s   wsec/s avgrq-sz avgqu-sz   await  svctm  %util\n';
const MPSTAT =
  '10:00:01 AM  CPU    %usr   %nice    %sys %iowait    %irq   %soft  %steal  %guest  %gnice   %idle\n';
const CPU = (name: string, soft: number, idle: number, time = '10:00:02 AM') =>
  `${time}  ${name}    1.00    0.00    1.00    0.00    0.00   ${soft}.00    0.00    0.00    0.00   ${idle}.00\n`;
const TOP = (cpu: string, more = '') =>
  `top - 14:02:50 up 16:38,  1 user,  load average: 8,90, 4,11, 2,45\nTasks: 488 total,   2 running, 486 sleeping,   0 stopped,   0 zombie\n${cpu}\n${more}`;

for (const [what, text, expected] of [
  [
    'vmstat of a machine that swaps and waits',
    `${VMSTAT} 2  0 890012  81234   1200  90321   10   20   300   200  100  200  5  2 90  3  0\n 1 14 912345  61234   1100  90121 5210 8230 11200 12000 4000 9000  3  9  2 86  0\n 0 17 932345  61004   1100  90121 4210 9230 10200 12100 4010 9100  3  8  1 88  0\n`,
    ['warning memory.swap-traffic', 'warning system.iowait'],
  ],
  [
    'vmstat whose tasks wait for a file system that is not a disk',
    `${VMSTAT}${' 1 41 0  81234   1200  90321   0   0   0   20  100  200  5  2 93  0  0\n'.repeat(4)}`,
    ['warning system.iowait'],
  ],
  [
    'vmstat of a machine that is well',
    `${VMSTAT} 2  0  10240 481234  91200 890321    0    0    30    20  100  200  5  2 92  1  0\n 1  1  10240 481100  91200 890321    4    0     0   120  400  900  3  1 95  1  0\n`,
    [],
  ],
  [
    'iostat -x of version 12: the disk, not what is made of it, and not the mean since boot',
    `${BANNER(16)}${TOTALS('3.10 0.00 1.20 2.10 0.00 93.60')}${V12}${ROW12('sda', 1, 0, 2)}${ROW12('dm-0', 1, 0, 2)}\n${TOTALS('2.10 0.00 1.20 45.10 0.00 51.60')}${V12}${ROW12('sda', 380, 79, 100)}${ROW12('dm-0', 380, 79, 100)}`,
    ['warning disk.latency sda', 'warning disk.saturated sda', 'warning system.iowait'],
  ],
  [
    'iostat -x of version 9 with commas, since boot',
    `$ iostat -x\n${BANNER(8)}${TOTALS('1,50 0,00 0,75 12,00 0,00 85,75')}${V9}sdb 0,10 8,00 12,00 30,00 400,00 900,00 30,95 4,20 338,10 9,50 43,20\n`,
    ['warning disk.latency sdb'],
  ],
  [
    'iostat -x of a fast disk that is always busy, and of one that is slow with nothing to do',
    `${BANNER(8)}${TOTALS('1.50 0.00 0.75 2.00 0.00 95.75')}${V9}nvme0n1 0.00 0.00 900.00 800.00 40000 90000 30.95 1.50 0.40 0.30 99.20\nsdb 0.00 0.00 0.01 0.02 0.40 0.80 40.00 0.00 338.10 9.50 0.02\n`,
    [],
  ],
  [
    'mpstat -P ALL with one processor that serves all packets',
    `${BANNER(4)}${MPSTAT}${CPU('all', 25, 72)}${CPU('0', 99, 1)}${CPU('1', 1, 96)}${CPU('2', 1, 96)}${CPU('3', 1, 96)}`,
    ['warning system.softirq-one-cpu'],
  ],
  [
    'mpstat -P ALL whose processors share the work',
    `${MPSTAT}${CPU('all', 48, 15)}${CPU('0', 49, 9)}${CPU('1', 46, 24)}`,
    [],
  ],
  [
    'sar of a machine whose host is oversold',
    `$ sar -u 1 2\n${BANNER(2)}10:00:01        CPU     %user     %nice   %system   %iowait    %steal     %idle\n10:00:02        all     30.00      0.00      5.00      0.00     25.00     40.00\nAverage:        all     30.00      0.00      5.00      0.00     25.00     40.00\n`,
    ['warning system.cpu-steal'],
  ],
  [
    'top of a machine that looks for memory',
    TOP(
      '%Cpu(s):  4.4 us,  6.6 sy,  0.0 ni,  0.0 id, 88.3 wa,  0.2 hi,  0.3 si,  0.2 st',
      'MiB Mem :  88363.9 total,   1007.3 free,  87028.3 used,    328.2 buff/cache\nMiB Swap:      0.0 total,      0.0 free,      0.0 used.    549.4 avail Mem \n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n    160 root      20   0       0      0      0 R  99.0   0.0  10:42.59 [kswapd0]\n',
    ),
    ['critical memory.nearly-full', 'warning memory.reclaim-busy', 'warning system.iowait'],
  ],
  [
    'top of an old version in another language, of a machine that is well',
    TOP(
      '%Cpu(s):  0,7 us,  0,3 sy,  0,3 ni, 98,7 id,  0,0 wa,  0,0 hi,  0,0 si,  0,0 st',
      'KiB Mem:    366012 total,   280100 used,    85912 free,      512 buffers\nKiB Swap:   501756 total,        0 used,   501756 free,   176104 cached\n',
    ),
    [],
  ],
  [
    'top with a thread that serves packets',
    TOP(
      'Cpu(s):  1.3%us,  2.2%sy,  0.0%ni, 70.0%id,  0.0%wa,  0.0%hi, 23.5%si,  0.0%st',
      '  PID USER      PR  NI  VIRT  RES  SHR S  %CPU %MEM    TIME+ COMMAND\n   12 root      20   0     0    0    0 R  93,2  0,0  43:47.43 ksoftirqd/0\n',
    ),
    ['warning system.softirq-one-cpu'],
  ],
  [
    'busybox’ top',
    'Mem: 250000K used, 8000K free, 100K shrd, 2000K buff, 50000K cached\nCPU:  12% usr   3% sys   0% nic   2% idle  83% io   0% irq   0% sirq\nLoad average: 4.10 4.02 3.50 2/110 4321\n',
    ['warning system.iowait'],
  ],
  [
    'free with memory and swap used up',
    'root@a:~# free -m\n              total        used        free      shared  buff/cache   available\nMem:           7963        7600         120          10         243          95\nSwap:          2047        2040           7\n',
    ['critical memory.nearly-full', 'critical memory.swap-full'],
  ],
  [
    'free whose numbers have no unit, of a machine with room',
    '              total        used        free      shared  buff/cache   available\nMem:             15           3           8           0           4          11\nSwap:             0           0           0\n',
    [],
  ],
  [
    'free of old versions, where page cache counts as used',
    '             total       used       free     shared    buffers     cached\nMem:       8061404    7800000     261404          0     300000    5200000\n-/+ buffers/cache:    2300000    5761404\nSwap:      2097144       1024    2096120\n',
    [],
  ],
  [
    'uptime with the number of processors',
    '$ uptime\n 10:00:01 up 3 days,  2:11,  1 user,  load average: 45.10, 44.02, 40.00\n$ nproc\n8\n',
    ['warning system.load-high'],
  ],
  [
    'a load beside the part of one processor in /proc/cpuinfo',
    '$ uptime\n 10:00:01 up 3 days,  2:11,  1 user,  load average: 9.10, 9.02, 8.00\n$ cat /proc/cpuinfo\nprocessor\t: 0\nsiblings\t: 16\ncpu cores\t: 8\n',
    [],
  ],
  [
    'the same load on a larger machine',
    '$ uptime\n 10:00:01 up 3 days,  2:11,  1 user,  load average: 45.10, 44.02, 40.00\n$ lscpu\nArchitecture:            x86_64\nCPU(s):                  64\n',
    [],
  ],
] as const)
  test(what, async () => assert.deepEqual(await troubles(text), expected));

test('what is in no format is none of them', () => {
  for (const text of ['', 'nothing', `${VMSTAT}a b c\n`, MPSTAT, V12, 'Device: tps\nsda 1\n', 'Mem: 1 2\n'])
    for (const read of [parseVmstat, parseSysstat, parseTop, parseFree])
      assert.equal(read(text), undefined, `${read.name} ${text}`);
});
