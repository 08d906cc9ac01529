/** Tables of sar as people paste them: of 24 hours and of 12, with an average and without. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

for (const [what, text, expected] of [
  [
    'errors of an interface, of 24 hours',
    [
      '$ sar -n EDEV 1 1',
      'Linux 5.14.0-284.el9.x86_64 (web1) \t03/05/2024 \t_x86_64_\t(8 CPU)',
      '',
      '10:20:31        IFACE   rxerr/s   txerr/s    coll/s  rxdrop/s  txdrop/s  txcarr/s  rxfram/s  rxfifo/s  txfifo/s',
      '10:20:32           lo      0.00      0.00      0.00      0.00      0.00      0.00      0.00      0.00      0.00',
      '10:20:32         eth0     13.00      0.00      0.00      2.00      0.00      0.00     13.00      0.00      0.00',
      '',
      'Average:        IFACE   rxerr/s   txerr/s    coll/s  rxdrop/s  txdrop/s  txcarr/s  rxfram/s  rxfifo/s  txfifo/s',
      'Average:           lo      0.00      0.00      0.00      0.00      0.00      0.00      0.00      0.00      0.00',
      'Average:         eth0     13.00      0.00      0.00      2.00      0.00      0.00     13.00      0.00      0.00',
    ],
    ['info nic.sar-errors eth0', 'warning nic.sar-errors eth0'],
  ],
  [
    'errors of an interface, of 12 hours and without a heading or average',
    [
      '10:20:31 AM        IFACE   rxerr/s   txerr/s    coll/s  rxdrop/s  txdrop/s  txcarr/s  rxfram/s  rxfifo/s  txfifo/s',
      '10:20:32 AM        eth0     13.00      0.00      0.00      0.00      0.00      0.00     13.00      0.00      0.00',
    ],
    ['warning nic.sar-errors eth0'],
  ],
  [
    'an interface that drops a packet now and then',
    [
      '$ sar -n EDEV 1 1',
      'Linux 5.14.0-284.el9.x86_64 (web1) \t03/05/2024 \t_x86_64_\t(8 CPU)',
      '',
      '10:20:31        IFACE   rxerr/s   txerr/s    coll/s  rxdrop/s  txdrop/s  txcarr/s  rxfram/s  rxfifo/s  txfifo/s',
      '10:20:32           lo      0.00      0.00      0.00      0.00      0.00      0.00      0.00      0.00      0.00',
      '10:20:32         eth0      0.00      0.00      0.00      0.10      0.00      0.00      0.00      0.00      0.00',
      '',
      'Average:        IFACE   rxerr/s   txerr/s    coll/s  rxdrop/s  txdrop/s  txcarr/s  rxfram/s  rxfifo/s  txfifo/s',
      'Average:           lo      0.00      0.00      0.00      0.00      0.00      0.00      0.00      0.00      0.00',
      'Average:         eth0      0.00      0.00      0.00      0.10      0.00      0.00      0.00      0.00      0.00',
    ],
    [],
  ],
  [
    'a full link',
    [
      'Linux 5.14.0-284.el9.x86_64 (web1) \t03/05/2024 \t_x86_64_\t(8 CPU)',
      '',
      '10:20:31 AM     IFACE   rxpck/s   txpck/s    rxkB/s    txkB/s   rxcmp/s   txcmp/s  rxmcst/s   %ifutil',
      '10:20:32 AM      eth0  90000.00  80000.00 120000.00   8000.00      0.00      0.00      0.00     98.30',
    ],
    ['warning nic.sar-busy eth0'],
  ],
  [
    'a disk that is slow',
    [
      'Linux 5.14.0-284.el9.x86_64 (web1) \t03/05/2024 \t_x86_64_\t(8 CPU)',
      '',
      '10:20:31          DEV       tps     rkB/s     wkB/s     dkB/s   areq-sz    aqu-sz     await     %util',
      '10:20:32          sda     40.00   2000.00    500.00      0.00     62.50     30.10    750.00    100.00',
      '10:20:32          sdb      4.00     20.00    500.00      0.00     62.50     0.10    2.00    1.00',
    ],
    ['warning disk.latency sda', 'warning disk.saturated sda'],
  ],
  [
    'the queue of tasks',
    [
      'Linux 5.14.0-284.el9.x86_64 (web1) \t03/05/2024 \t_x86_64_\t(8 CPU)',
      '',
      '10:20:31 AM   runq-sz  plist-sz   ldavg-1   ldavg-5  ldavg-15   blocked',
      '10:20:32 AM        30      1200     92.01     88.20     80.12        41',
      '10:20:33 AM        30      1200     92.01     88.20     80.12        41',
      'Average:           30      1200     92.01     88.20     80.12        41',
    ],
    ['warning system.iowait', 'warning system.load-high'],
  ],
  [
    'paging',
    [
      'Linux 5.14.0-284.el9.x86_64 (web1) \t03/05/2024 \t_x86_64_\t(8 CPU)',
      '',
      '10:20:31     pgpgin/s pgpgout/s   fault/s  majflt/s  pgfree/s pgscank/s pgscand/s pgsteal/s    %vmeff',
      '10:20:32     90000.00    120.00   9000.00    812.00  10000.00  60000.00  40000.00   9000.00      9.00',
    ],
    ['warning memory.sar-scan'],
  ],
  [
    'swapping',
    [
      'Linux 5.14.0-284.el9.x86_64 (web1) \t03/05/2024 \t_x86_64_\t(8 CPU)',
      '',
      '10:20:31     pswpin/s pswpout/s',
      '10:20:32      5000.00   7000.00',
      '10:20:33      5000.00   7000.00',
      'Average:      5000.00   7000.00',
    ],
    ['warning memory.swap-traffic'],
  ],
  [
    'memory',
    [
      'Linux 5.14.0-284.el9.x86_64 (web1) \t03/05/2024 \t_x86_64_\t(8 CPU)',
      '',
      '10:20:31    kbmemfree   kbavail kbmemused  %memused kbbuffers  kbcached  kbcommit   %commit  kbactive   kbinact   kbdirty',
      '10:20:32       120000    200000  32000000     97.58       100    180000  60000000    182.92  30000000    900000       120',
    ],
    ['critical memory.nearly-full'],
  ],
] as const)
  test(what, async () => {
    assert.deepEqual(await troubles(`${text.join('\n')}\n`), expected);
  });
