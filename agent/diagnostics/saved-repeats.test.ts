/** A tool's output that stands in one text more than once: before and after, in pieces, or of two interfaces that nothing names. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { CHECKS } from './registry.ts';
import { newRoot, troubles } from './saved-testing.ts';
import { found } from './testing.ts';

const BLOCK = (crc: number, packets = 3_000_000) =>
  `NIC statistics:\n     rx_packets: ${packets}\n     tx_packets: 900000\n     rx_crc_errors: ${crc}\n`;
const ASKED = (crc: number, packets?: number) => `# ethtool -S eth0\n${BLOCK(crc, packets)}`;
const LINK = (errors: number) =>
  `$ ip -s link show eth1\n3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP mode DEFAULT group default qlen 1000\n    link/ether 00:11:22:33:44:55 brd ff:ff:ff:ff:ff:ff\n    RX: bytes  packets  errors  dropped overrun mcast\n    12345678   1800000  ${errors}       0       0       12\n    TX: bytes  packets  errors  dropped carrier collsns\n    12345678   900000   0       0       0       0\n`;

for (const [what, text, expected] of [
  [
    'counters of errors that were none before',
    `Before:\n${ASKED(0)}\nAfter:\n${ASKED(54_000)}`,
    ['critical nic.crc-errors eth0', 'warning nic.grows eth0'],
  ],
  [
    'ip -s link, the same',
    `${LINK(0)}${LINK(41_231)}`,
    ['warning nic.grows eth1', 'warning nic.receive-errors eth1'],
  ],
  [
    'few of all, and many of those in between',
    `${ASKED(800_000, 90_000_000_000)}${ASKED(801_000, 90_000_100_000)}`,
    ['warning nic.grows eth0'],
  ],
  [
    'many, and none in between',
    `${ASKED(54_000)}${ASKED(54_000, 3_100_000)}`,
    ['critical nic.crc-errors eth0'],
  ],
  [
    'chronyc tracking below words of one’s own',
    `first: ${'\n'}${TRACKING('Normal')}an hour later:\n${TRACKING('Not synchronised')}`,
    ['warning clock.not-synchronised'],
  ],
  ['a clock that was set in between', `${TIMEDATECTL('no')}${TIMEDATECTL('yes')}`, []],
  [
    'a clock that is set no more',
    `${TIMEDATECTL('yes')}${TIMEDATECTL('no')}`,
    ['warning clock.not-synchronised'],
  ],
  [
    'lines in pieces',
    '# ethtool -S eth0 | grep crc\n     rx_crc_errors: 2000000\n# ethtool -S eth0 | grep miss\n     rx_missed_errors: 3000000\n',
    ['warning nic.crc-errors eth0', 'warning nic.ring-overflow eth0'],
  ],
  [
    'two interfaces that nothing names, of which the first is ill',
    `one:\n\n${BLOCK(54_000)}\nthe other:\n\n${BLOCK(0, 1_000_000)}`,
    ['critical nic.crc-errors unnamed'],
  ],
] as [string, string, string[]][])
  test(`twice in one text: ${what}`, async () => {
    assert.deepEqual(
      (await troubles(text)).filter((one) => !one.startsWith('info')),
      expected,
    );
  });

test('that an earlier output was left out is told', async () => {
  const root = newRoot();
  writeFileSync(join(root, 'note.txt'), `${ASKED(0)}${ASKED(2)}`);
  const machine = new CapturedMachine(root);
  await found(CHECKS, machine);
  assert.match(machine.savedFiles().reasons.get('note.txt') ?? '', /earlier outputs of ethtool -S eth0/);
});

function TRACKING(leap: string): string {
  const set = leap === 'Normal';
  return `Reference ID    : ${set ? 'C0000207 (192.0.2.7)' : '00000000 ()'}\nStratum         : ${set ? 3 : 0}\nRef time (UTC)  : Mon Mar 04 10:00:00 2024\nSystem time     : 0.000000012 seconds slow of NTP time\nLast offset     : -0.000000123 seconds\nRMS offset      : 0.000001000 seconds\nFrequency       : 1.084 ppm slow\nResidual freq   : +0.001 ppm\nSkew            : 0.023 ppm\nRoot delay      : 0.000406730 seconds\nRoot dispersion : 0.000293995 seconds\nUpdate interval : 64.2 seconds\nLeap status     : ${leap}\n\n`;
}

function TIMEDATECTL(set: string): string {
  return `$ timedatectl\n               Local time: Mon 2024-03-04 10:00:00 UTC\n           Universal time: Mon 2024-03-04 10:00:00 UTC\n                 RTC time: Mon 2024-03-04 10:00:00\n                Time zone: Etc/UTC (UTC, +0000)\nSystem clock synchronized: ${set}\n              NTP service: active\n          RTC in local TZ: no\n`;
}

const TABLE = (rows: string) => `Filesystem      Size  Used Avail Use% Mounted on\n${rows}\n`;

test('df twice: of the same file systems the later counts and the earlier is named, others are kept', async () => {
  const full = TABLE('/dev/sda1        50G   50G     0 100% /');
  const roomy = TABLE('/dev/sda1        50G  5.1G   45G  11% /');
  const of = async (text: string) => {
    const root = newRoot();
    writeFileSync(join(root, 'note.txt'), text);
    const machine = new CapturedMachine(root);
    return [await found(CHECKS, machine), machine.savedFiles().reasons.get('note.txt') ?? ''] as const;
  };
  const [after, why] = await of(`Before:\n${full}\nAfter:\n${roomy}`);
  assert.deepEqual(after, []);
  assert.match(why, /earlier outputs of df/);
  assert.deepEqual((await of(`Before:\n${roomy}\nAfter:\n${full}`))[0], ['critical disk.filesystem-full /']);
  const other = TABLE('/dev/sdb1       500G   50G  450G  10% /data1');
  assert.deepEqual(await of(`$ df -h /\n${full}\n$ df -h /data1\n${other}`), [
    ['critical disk.filesystem-full /'],
    '',
  ]);
  assert.deepEqual(await of(`${full}\n${other}`), [['critical disk.filesystem-full /'], '']);
});

for (const [what, asked, expected] of [
  ['sizes, then inodes', ['df -h /var', 'df -i /var'], ['critical disk.filesystem-full /var']],
  ['inodes, then sizes', ['df -ih /var', 'df -h /var'], ['critical disk.filesystem-full /var']],
  ['one file system of those before', ['df -hT', 'df -k /'], ['critical disk.filesystem-full /var']],
  ['rows without their heading', ['df -h /var', 'df -i | grep nvme'], ['critical disk.filesystem-full /var']],
] as [string, string[], string[]][])
  test(`df that is asked different things tells all of them: ${what}`, async () => {
    const root = newRoot();
    writeFileSync(
      join(root, 'note.txt'),
      asked.map((command) => `root@web-7:~# ${command}\n${DF[command]}\n`).join(''),
    );
    const machine = new CapturedMachine(root);
    assert.deepEqual(await found(CHECKS, machine), expected);
    assert.equal(machine.savedFiles().reasons.get('note.txt'), undefined);
  });

const DF: Record<string, string> = {
  'df -h /var': TABLE('/dev/nvme0n1p4  200G  197G  3.1G  99% /var'),
  'df -i /var':
    'Filesystem       Inodes    IUsed IFree IUse% Mounted on\n/dev/nvme0n1p4 13107200 12107 13095093     1% /var',
  'df -ih /var':
    'Filesystem     Inodes IUsed IFree IUse% Mounted on\n/dev/nvme0n1p4    13M   12K   13M    1% /var',
  'df -hT':
    'Filesystem     Type  Size  Used Avail Use% Mounted on\n/dev/nvme0n1p2 ext4   50G   10G   40G  20% /\n/dev/nvme0n1p4 ext4  200G  197G  3.1G  99% /var',
  'df -k /':
    'Filesystem     1K-blocks     Used Available Use% Mounted on\n/dev/nvme0n1p2  52428800 10485760  41943040  20% /',
  'df -i | grep nvme': '/dev/nvme0n1p4 13107200 12107 13095093     1% /var',
};

test('an output that its own command line tells from the later one is judged, and not named as left out', async () => {
  const array = (name: string, state: string, devices: number) =>
    `# mdadm --detail /dev/${name}\n/dev/${name}:\n           Version : 1.2\n        Raid Level : raid1\n      Raid Devices : 2\n     Total Devices : ${devices}\n             State : ${state}\n    Active Devices : ${devices}\n   Working Devices : ${devices}\n    Failed Devices : 0\n     Spare Devices : 0\n\n    Number   Major   Minor   RaidDevice State\n       1       8       17        1      active sync   /dev/sdb1\n`;
  const root = newRoot();
  writeFileSync(join(root, 'note.txt'), `${array('md0', 'clean, degraded', 1)}${array('md1', 'clean', 2)}`);
  const machine = new CapturedMachine(root);
  assert.deepEqual(await found(CHECKS, machine), ['critical disk.md-degraded md0']);
  assert.equal(machine.savedFiles().reasons.get('note.txt'), undefined);
});
