/** What is kept of crashes, of packages and of errors that rasdaemon recorded, as people paste it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const CRASH = (day: number) =>
  `Sun 2017-01-${day} 14:04:30 CET    1749  1001   100  11 present  /usr/bin/shell`;

for (const [what, text, expected] of [
  [
    'a program that crashed twice',
    ['TIME                            PID   UID   GID SIG COREFILE EXE', CRASH(22), CRASH(23)],
    ['info system.core-dump-list /usr/bin/shell'],
  ],
  [
    'one that crashes again and again',
    ['$ coredumpctl list', ...[20, 21, 22, 23, 24].map(CRASH)],
    ['warning system.core-dump-list /usr/bin/shell'],
  ],
  [
    'with sizes, as of systemd 249',
    [
      'TIME                           PID  UID  GID SIG     COREFILE EXE             SIZE',
      'Tue 2024-03-05 10:11:12 UTC   1234    0    0 SIGSEGV present  /usr/sbin/agentd 1.2M',
    ],
    ['info system.core-dump-list /usr/sbin/agentd'],
  ],
  [
    'an installation that was broken off',
    [
      '$ sudo apt-get -y upgrade',
      'Reading package lists... Done',
      "E: dpkg was interrupted, you must manually run 'sudo dpkg --configure -a' to correct the problem.",
    ],
    ['warning system.packages-broken'],
  ],
  [
    'a package that is half installed',
    [
      '||/ Name           Version      Architecture Description',
      '+++-==============-============-============-=================',
      'ii  adduser        3.118        all          add and remove users and groups',
      'iF  linux-image    6.1.0        amd64        Linux kernel image',
    ],
    ['warning system.packages-broken'],
  ],
  [
    'a lock that another run holds is none',
    [
      '$ sudo apt-get -y upgrade',
      'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1234 (apt-get)',
    ],
    [],
  ],
  [
    'errors of PCI Express and of a disk',
    [
      '# ras-mc-ctl --summary',
      'No Memory errors.',
      '',
      'PCIe AER events summary:',
      '        4 Corrected errors: Bad TLP',
      '        6 Uncorrected (Fatal) errors: ',
      '',
      'Disk errors summary:',
      '        8:16 has 12 errors',
    ],
    ['warning system.ras-records', 'warning system.ras-records 8:16'],
  ],
  [
    'what was corrected',
    ['# ras-mc-ctl --summary', 'PCIe AER events summary:', '        4 Corrected errors: Bad TLP'],
    ['info system.ras-records'],
  ],
  [
    'nothing recorded',
    ['# ras-mc-ctl --summary', 'No Memory errors.', '', 'No PCIe AER errors.', '', 'No MCE errors.'],
    [],
  ],
] as const)
  test(`records: ${what}`, async () => {
    assert.deepEqual((await troubles(`${text.join('\n')}\n`)).sort(), [...expected].sort());
  });
