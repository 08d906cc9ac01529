/** Pieces that people paste of a tool or of a service's log, each with a healthy counterpart that raises nothing of the kind. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { CHECKS } from './registry.ts';
import { newRoot, troubles } from './saved-testing.ts';
import { found, reportOf } from './testing.ts';

const IFCONFIG = (dropped: number, address = 'a0:36:9f:8b:a0:dc') =>
  `$ ifconfig capture-a\ncapture-a: flags=4419<UP,BROADCAST,RUNNING,PROMISC,MULTICAST>  mtu 1500\n        ether ${address}  txqueuelen 1000  (Ethernet)\n        RX packets 18889314  bytes 16122011230 (16.1 GB)\n        RX errors 0  dropped ${dropped}  overruns 0  frame 0\n        TX packets 90000  bytes 1122 (1.1 KB)\n        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0\n`;
const IP_LINK = (dropped: number) =>
  `$ ip -s link show dev capture\n7: capture: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP mode DEFAULT group default qlen 1000\n    link/ether a0:36:9f:8b:a0:dc brd ff:ff:ff:ff:ff:ff\n    RX: bytes  packets  errors  dropped overrun mcast\n    16122011230 18889314 0 ${dropped} 0 0\n    TX: bytes  packets  errors  dropped carrier collsns\n    1122 90000 0 0 0 0\n`;
const SMART = (rows: string) =>
  `# smartctl -a /dev/sdc\nsmartctl 7.2 2020-12-30 r5155 [x86_64-linux-5.10.0-8-amd64] (local build)\n\n=== START OF READ SMART DATA SECTION ===\nSMART overall-health self-assessment test result: PASSED\n\nVendor Specific SMART Attributes with Thresholds:\nID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE\n  9 Power_On_Hours          0x0012   094   094   000    Old_age   Always       -       44120\n${rows}`;
const CRC = (count: number) =>
  SMART(
    `199 UDMA_CRC_Error_Count    0x000a   200   200   000    Old_age   Always       -       ${count}\n\nSMART Error Log Version: 1\nATA Error Count: ${count} (device log contains only the most recent five errors)\n\nError ${count} occurred at disk power-on lifetime: 7 hours (0 days + 7 hours)\n  84 51 01 cf 51 2d 01  Error: ICRC, ABRT 1 sectors at LBA = 0x012d51cf\n`,
  );
const LOGGED = (hours: number) =>
  `SMART Error Log Version: 1\nATA Error Count: 16 (device log contains only the most recent five errors)\nError 16 occurred at disk power-on lifetime: ${hours} hours (390 days + 17 hours)\n  40 51 c0 b0 92 94 40  Error: UNC at LBA = 0x009492b0 = 9736880\n`;
const LOG_ALONE = (log: string) =>
  `smartctl /dev/sdb -l error\nsmartctl 7.3 2022-02-28 r5338 [x86_64-linux-6.10.7] (local build)\n\n=== START OF READ SMART DATA SECTION ===\n${log}`;
const CLIENT = (total: number, inDay: number) =>
  `root@n1:~# mcelog --client\nMemory errors\n${['any', '0']
    .map(
      (dimm) =>
        `SOCKET 1 CHANNEL 3 DIMM ${dimm}\ncorrected memory errors:\n\t${total} total\n\t${inDay} in 24h\nuncorrected memory errors:\n\t0 total\n\t0 in 24h\n\n`,
    )
    .join('')}`;
const RECORD = (status: string) =>
  `Hardware event. This is not a software error.\nMCE 0\nCPU 9 BANK 5\nMCi status:\n${status}Error enabled\nMCA: Internal unclassified error: 405\nSTATUS fa00000000400405 MCGSTATUS 0\nMCGCAP 1000c18 APICID 42 SOCKETID 1\n`;
const SEL = (event: string) =>
  `  38 | 12/14/22 | 20:01:02 CET | System Event #0x83 | Timestamp Clock Sync | Asserted\n  3a | 12/14/22 | 23:09:44 CET | Memory #0x88 | ${event} | Asserted\n`;
const ETCD = (took: string, message = 'apply request took too long') =>
  `{"level":"warn","ts":"2024-04-22T17:18:06.214093+0800","caller":"etcdserver/util.go:170","msg":"${message}","took":"${took}","expected-duration":"100ms","prefix":"read-only range "}\n`;
const KUBELET = (words: string) =>
  `Apr 13 10:53:52 ip-10-42-10-121 kubelet: E0413 10:53:52.844381    3263 kubelet.go:2055] "Skipping pod synchronization" err="PLEG is not healthy: ${words}"\n`;
const POOL = (level: string, states: readonly string[]) =>
  `  pool: tank\n state: DEGRADED\nstatus: One or more devices are faulted.\nconfig:\n\n\tNAME        STATE     READ WRITE CKSUM\n\ttank        DEGRADED     0     0     0\n\t  ${level}  DEGRADED     0     0     0\n${states.map((state, at) => `\t    sd${'abcdefgh'[at]}     ${state}     0     0     0\n`).join('')}\nerrors: No known data errors\n`;
const MLXLINK = 'Operational Info\n----------------\nState : Active\nRecommendation : Bad signal integrity\n';
const PHC = (offset: number) =>
  Array.from(
    { length: 4 },
    (_, at) =>
      `phc2sys[8120${at}.332]: CLOCK_REALTIME phc offset ${offset - at} s2 freq   -1210 delay   1812\n`,
  ).join('');
const MEMINFO = (available: number) =>
  `$ cat /proc/meminfo\nMemTotal:       16268028 kB\nMemFree:          870024 kB\nMemAvailable:    ${available} kB\nBuffers:          444924 kB\nCached:           590040 kB\nAnonPages:       6551644 kB\nSlab:            8147392 kB\nSReclaimable:    4870128 kB\nSUnreclaim:      3277264 kB\n`;
const SLOW = ['warning system.etcd-log-slow etcd'];

for (const [what, text, expected, name] of [
  [
    'ifconfig, two thirds dropped, under a name of no kind',
    IFCONFIG(12_880_399),
    ['critical nic.receive-drops capture-a'],
  ],
  ['ifconfig, three in a thousand dropped', IFCONFIG(56_000), ['info nic.receive-drops capture-a']],
  ['ifconfig, a few dropped', IFCONFIG(5_600), []],
  [
    'ifconfig of an interface with an address of the machine’s own making',
    IFCONFIG(12_880_399, 'a2:36:9f:8b:a0:dc'),
    [],
  ],
  ['ip -s link, two thirds dropped', IP_LINK(12_880_399), ['critical nic.receive-drops capture']],
  ['ip -s link, three in a thousand dropped', IP_LINK(56_000), ['info nic.receive-drops capture']],
  ['ip -s link, a few dropped', IP_LINK(5_600), []],
  ['errors on a disk’s cable', CRC(65), ['info disk.link-errors sdc']],
  ['a handful of errors on a disk’s cable', CRC(4), []],
  ['a disk’s log of errors alone', LOG_ALONE(LOGGED(9_377)), ['warning disk.media-errors sdb']],
  ['a disk’s log without errors', LOG_ALONE('SMART Error Log Version: 1\nNo Errors Logged\n'), []],
  ['a sector that could not be read a month ago', SMART(LOGGED(44_000)), ['warning disk.media-errors sdc']],
  ['a sector that could not be read years ago', SMART(LOGGED(9_377)), ['info disk.media-errors sdc']],
  ['mcelog --client', CLIENT(1_651, 10), ['warning memory.corrected-errors SOCKET 1 CHANNEL 3 DIMM 0']],
  ['errors of long ago', CLIENT(1_651, 0), ['info memory.corrected-errors SOCKET 1 CHANNEL 3 DIMM 0']],
  ['no errors', CLIENT(0, 0), []],
  [
    'an uncorrected machine check of a processor',
    RECORD('Uncorrected error\nProcessor context corrupt\n'),
    ['critical system.machine-check-record CPU 9 BANK 5 SOCKETID 1'],
  ],
  [
    'a corrected machine check of a processor',
    RECORD('Corrected error\n'),
    ['info system.machine-check-record CPU 9 BANK 5 SOCKETID 1'],
  ],
  [
    'a corrected memory error in a board’s log',
    SEL('Correctable ECC (CPU0_G1)'),
    ['info system.board-event corrected memory errors'],
  ],
  ['the presence of a module in a board’s log', SEL('Presence Detected (CPU0_G1)'), []],
  ['etcd’s log: a request of seconds', ETCD('3.000130641s'), SLOW],
  ['etcd’s log: a slow disk', ETCD('1.812110221s', 'slow fdatasync'), SLOW],
  [
    'etcd’s log before JSON',
    '2019-07-01 10:00:00.1 W | wal: sync duration of 1.812s, expected less than 1s\n',
    SLOW,
    'etcd.log',
  ],
  ['etcd’s log: requests a little late', ETCD('120.5ms').repeat(3), []],
  [
    'the kubelet’s log: no word of the containers',
    KUBELET('pleg was last seen active 2h33m12.704970756s ago; threshold is 3m0s'),
    ['warning system.kubelet-pleg kubelet'],
  ],
  [
    'the same words in a condition of a node',
    'Name:               n7\nConditions:\n  Type   Status  LastHeartbeatTime                 LastTransitionTime                Reason            Message\n  Ready  False   Mon, 02 Feb 2026 10:00:12 +0000   Mon, 02 Feb 2026 09:55:00 +0000   KubeletNotReady   PLEG is not healthy: pleg was last seen active 5m12s ago; threshold is 3m0s\n',
    ['critical system.kubernetes-node n7'],
  ],
  ['the kubelet’s log: a start', KUBELET('pleg has yet to be successful'), [], 'journalctl_-u_kubelet.txt'],
  [
    'RAID-Z2 without any reserve',
    POOL('raidz2-0', ['FAULTED', 'UNAVAIL', 'ONLINE', 'ONLINE']),
    ['critical disk.zpool-degraded tank'],
  ],
  [
    'RAID-Z3 with one in reserve',
    POOL('raidz3-0', ['FAULTED', 'UNAVAIL', 'ONLINE', 'ONLINE']),
    ['warning disk.zpool-degraded tank'],
  ],
  [
    'RAID-Z2 with a faulted device',
    POOL('raidz2-0', ['FAULTED', 'DEGRADED', 'ONLINE', 'ONLINE']),
    ['warning disk.zpool-degraded tank'],
  ],
  [
    'mlxlink under the name of its command',
    MLXLINK,
    ['warning nic.mlxlink-advice mlx5_0'],
    'mlxlink_mlx5_0_-c.txt',
  ],
  [
    'mlxlink below its command',
    `# mlxlink -d mt4119_pciconf0 -p 1 -c\n\n${MLXLINK}`,
    ['warning nic.mlxlink-advice mt4119_pciconf0 port 1'],
  ],
  ['phc2sys of a clock 37 s off', PHC(-36_999_999_912), ['warning clock.ptp-offset phc2sys']],
  ['phc2sys of a clock that follows', PHC(-412), []],
  ['kernel objects beside enough memory', MEMINFO(5_735_232), ['info memory.slab-large']],
  ['kernel objects beside little memory', MEMINFO(2_500_000), ['warning memory.slab-large']],
] as const)
  test(what, async () => {
    assert.deepEqual(await troubles(text, name), [...expected]);
  });

test('37 s are told as the difference of time scales, another offset is not', async () => {
  const title = async (offset: number) => {
    const root = newRoot();
    writeFileSync(join(root, 'phc2sys.log'), PHC(offset));
    const { findings } = await reportOf(CHECKS, new CapturedMachine(root));
    return findings.find(({ check }) => check === 'clock.ptp-offset')?.title ?? '';
  };
  assert.match(await title(37_000_000_112), /TAI − UTC, 37 s$/);
  assert.equal(await title(12_000_000_112), 'The system clock is off the PTP clock');
});

test('the log of mcelog in the machine’s own tree', async () => {
  const root = newRoot();
  mkdirSync(join(root, 'var/log'), { recursive: true });
  writeFileSync(join(root, 'var/log/mcelog'), RECORD('Uncorrected error\n'));
  assert.deepEqual(await found(CHECKS, new CapturedMachine(root)), [
    'critical system.machine-check-record CPU 9 BANK 5 SOCKETID 1',
  ]);
});
