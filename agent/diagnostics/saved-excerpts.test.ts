/** A few telling lines of an output are judged as what they show, below their command and alone; healthy ones raise nothing. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

/** The command, the lines, what is found below the command, and what without it where that is another. */
for (const [command, lines, expected, alone = expected] of [
  [
    'ethtool -S lan | grep -v ": 0"',
    '     rx_packets: 1000000\n     rx_crc_errors: 5000\n',
    ['warning nic.crc-errors lan'],
    ['warning nic.crc-errors unnamed'],
  ],
  [
    'ethtool eth7 | grep -E "Speed|Duplex"',
    '\tSpeed: 100Mb/s\n\tDuplex: Half\n',
    ['warning nic.half-duplex eth7'],
    ['warning nic.half-duplex unnamed'],
  ],
  [
    'ethtool -m eth7 | grep "rx power low"',
    '\tLaser rx power low alarm                  : On\n\tLaser rx power low warning                : On\n',
    ['warning nic.module-rx-power eth7'],
    ['warning nic.module-rx-power unnamed'],
  ],
  [
    'ifconfig eth7 | grep RX',
    '        RX packets 6012002  bytes 8812736482 (8.2 GiB)\n        RX errors 90122  dropped 0  overruns 0  frame 90122\n',
    // The first causes the second, and they are told as one.
    ['warning nic.alignment-errors eth7', 'warning nic.receive-errors eth7'],
    [],
  ],
  [
    'grep eth7 /proc/net/dev',
    '  eth7: 8812736482 6012002 90122 0 0 90122 0 120 512736482 4120022 0 0 0 0 0 0\n',
    ['warning nic.receive-errors eth7'],
  ],
  [
    'grep -A1 Slave /proc/net/bonding/bond0',
    'Slave Interface: eno1\nMII Status: up\n--\nSlave Interface: eno2\nMII Status: down\n',
    ['warning nic.bond-member-down eno2'],
  ],
  [
    'chronyc tracking | grep Leap',
    'Leap status     : Not synchronised\n',
    ['warning clock.not-synchronised'],
  ],
  [
    'chronyc tracking | grep System',
    'System time     : 3.912345678 seconds slow of NTP time\n',
    ['critical clock.offset'],
  ],
  ['chronyc tracking | grep Leap', 'Leap status     : Normal\n', []],
  [
    'ntpq -pn | tail -1',
    ' 192.0.2.1       .INIT.          16 u    - 1024    0    0.000    0.000   0.000\n',
    ['warning clock.no-reachable-source', 'warning clock.not-synchronised'],
  ],
  [
    'smartctl -A /dev/sdq | egrep "Pending|Uncorr"',
    '197 Current_Pending_Sector  0x0032   200   200   000    Old_age   Always       -       24\n198 Offline_Uncorrectable   0x0030   200   200   000    Old_age   Offline      -       24\n',
    ['warning disk.smart-sectors sdq'],
    ['warning disk.smart-sectors disk1'],
  ],
  [
    'smartctl -A /dev/sdq | grep Pending',
    '197 Current_Pending_Sector  0x0032   200   200   000    Old_age   Always       -       0\n',
    [],
  ],
  ['df -h | grep sda2', '/dev/sda2        50G   50G     0 100% /\n', ['critical disk.filesystem-full /']],
  [
    'df -i | grep sda2',
    '/dev/sda2      3276800 3276800       0  100% /\n',
    ['critical disk.inodes-full /'],
    [],
  ],
  [
    'df -h | grep sda2',
    '/dev/sda2        50G   20G   30G  40% /\n$ df -h | grep sdb1\n/dev/sdb1        50G   50G     0 100% /b\n',
    ['critical disk.filesystem-full /b'],
  ],
  [
    'grep blocks /proc/mdstat',
    '      1048512 blocks super 1.2 [2/1] [_U]\n',
    ['critical disk.md-degraded md-unnamed'],
  ],
  [
    'zpool status tank | grep state',
    ' state: DEGRADED\n',
    ['warning disk.zpool-degraded tank'],
    ['warning disk.zpool-degraded unnamed'],
  ],
  [
    'kubectl get nodes | grep NotReady',
    'n2     NotReady                   <none>   265d   v1.30.1\n',
    ['critical system.kubernetes-node n2'],
  ],
  [
    'systemctl status kubelet | grep Active',
    '     Active: failed (Result: exit-code) since Thu 2022-01-13 14:41:57 UTC; 6 days ago\n',
    ['warning system.unit-failed kubelet.service'],
    [],
  ],
  [
    'sensors | grep Package',
    'Package id 0:  +99.0°C  (high = +80.0°C, crit = +100.0°C)\n',
    ['warning system.temperature coretemp Package id 0'],
  ],
  [
    'sysctl -a | grep conntrack',
    'net.netfilter.nf_conntrack_count = 64000\nnet.netfilter.nf_conntrack_max = 65536\n',
    ['critical system.conntrack-full'],
  ],
  [
    'for d in a b; do smartctl -A /dev/sd$d | grep Pending; done',
    '197 Current_Pending_Sector  0x0032   200   200   000    Old_age   Always       -       0\n197 Current_Pending_Sector  0x0032   200   200   000    Old_age   Always       -       24\n',
    ['warning disk.smart-sectors sdb'],
    ['warning disk.smart-sectors disk2'],
  ],
  [
    'for i in /dev/sd?; do echo $i; smartctl -H $i | grep overall; done',
    '/dev/sda\nSMART overall-health self-assessment test result: PASSED\n/dev/sdb\nSMART overall-health self-assessment test result: FAILED!\n',
    ['critical disk.smart-failing sdb'],
  ],
  ['grep err eth0.txt', '     rx_crc_errors: 5000\n', ['info nic.crc-errors unnamed']],
  [
    'df -h',
    'Dateisystem    Größe Benutzt Verf. Verw% Eingehängt auf\n/dev/sda2        50G     50G     0  100% /\n',
    ['critical disk.filesystem-full /'],
  ],
  [
    'df -h',
    '| Filesystem | Size | Used | Avail | Use% | Mounted on |\n|---|---|---|---|---|---|\n| /dev/sda2 | 50G | 50G | 0 | 100% | / |\n',
    ['critical disk.filesystem-full /'],
  ],
  [
    'cat /proc/mdstat',
    'md3 : active raid5 sdc1[2] sdb1[1]\n      1318680576 blocks level 5, 1024k chunk, algorithm 2 [3/2] **[_UU]**\n',
    ['critical disk.md-degraded md3'],
  ],
] as const)
  test(`an excerpt: ${command}: ${expected.join() || 'nothing'}`, async () => {
    assert.deepEqual(await troubles(`$ ${command}\n${lines}`), expected);
    assert.deepEqual(await troubles(`I see this:\n\`\`\`\n${lines}\`\`\`\n`), alone);
  });

test('copies of files of /proc whose lines are quoted, or gathered from a host', async () => {
  const text = 'Personalities : [raid1]\nmd0 : active raid1 sda1[0]\n      1048512 blocks [2/1] [U_]\n';
  for (const before of ['> ', 'web1: '])
    assert.deepEqual(await troubles(text.replace(/^(?=.)/gm, before), 'mdstat.txt'), [
      'critical disk.md-degraded md0',
    ]);
});
