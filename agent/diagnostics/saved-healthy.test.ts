/** What machines that are well show and what looks like a trouble in it, each beside one that is ill. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const FREE = (available: number) =>
  `$ free -m\n               total        used        free      shared  buff/cache   available\nMem:            3794         312        1203          40        2279        ${available}\nSwap:             99          99           0\n`;
const ZONE = (limit: string) =>
  `$ sensors\nacpitz-acpi-0\nAdapter: ACPI interface\ntemp1:        +16.8°C  (crit = ${limit})\ntemp2:        +27.8°C  (crit = +119.0°C)\n`;
const TRACKING = (interval: string) =>
  `# chronyc tracking\nReference ID    : A29FC87B (time.example)\nStratum         : 4\nRef time (UTC)  : Fri Mar 01 10:00:05 2024\nSystem time     : 0.000012331 seconds slow of NTP time\nLast offset     : -0.000312318 seconds\nRMS offset      : 0.000312318 seconds\nFrequency       : 12.331 ppm slow\nResidual freq   : +23.128 ppm\nSkew            : 312.128 ppm\nRoot delay      : 0.012312312 seconds\nRoot dispersion : 0.001231231 seconds\nUpdate interval : ${interval} seconds\nLeap status     : Normal\n`;
const MOUNTS = (options: string) =>
  `sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0\nproc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n/dev/sda1 / ext4 rw,relatime,errors=remount-ro 0 0\n/dev/sdb1 /srv ext4 ${options} 0 0\n`;

for (const [what, text, expected] of [
  ['full swap while memory is there', FREE(3_320), []],
  ['full swap and no memory', FREE(120), ['critical memory.swap-full', 'warning memory.nearly-full']],
  ['a limit of 20 °C', ZONE('+20.8°C'), []],
  ['chronyd at its start', TRACKING('2.0'), []],
  ['chronyd with a frequency that it does not know', TRACKING('64.2'), ['warning clock.skew']],
  ['mounts', MOUNTS('rw,relatime'), []],
  [
    'mounts, one of them read-only by an error',
    MOUNTS('ro,relatime,errors=remount-ro'),
    ['critical disk.read-only /srv'],
  ],
  [
    'failed units without a heading',
    '* chronyd.service loaded failed failed NTP client/server\n',
    ['warning system.unit-failed chronyd.service'],
  ],
  ...([true, false] as const).map((cut): [string, string, string[]] => [
    `processes, ${cut ? 'of which somebody left lines out' : 'all of them'}`,
    `$ ps -eF\nUID          PID    PPID  C    SZ   RSS PSR STIME TTY          TIME CMD\nroot           1       0  0  5293 13788   0 Jan20 ?        00:00:31 /sbin/init splash\n${cut ? '...\n' : ''}${Array.from({ length: 24 }, (_, at) => `root      ${1_000 + at}       2  0     0     0   5 08:16 ?        00:00:00 [kworker/${at}:0]\n`).join('')}`,
    cut ? [] : ['warning clock.no-daemon'],
  ]),
  ['slots of a virtual machine', '[    6.512312] shpchp 0000:00:01.0: Slot initialization failed\n', []],
] as [string, string, string[]][])
  test(what, async () => {
    const told = await troubles(text);
    assert.deepEqual(
      told.filter((one) => !one.startsWith('info')),
      expected,
    );
  });
