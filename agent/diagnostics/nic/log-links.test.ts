/** Links that the kernel's log leaves down, and counts of drivers of how often they went. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const at = (seconds: number, words: string) => `[${String(seconds).padStart(5)}.123456] ${words}\n`;
const LOST = (name: string) => [`warning nic.log-link-lost ${name}`];
const NIC = 'ixgbe 0000:03:00.0 eno1';
const STATISTICS = (row: string) =>
  `$ ethtool -S eno1\nNIC statistics:\n     rx_packets: 1234567\n     tx_packets: 234567\n     ${row}\n     rx_errors: 0\n`;

for (const [what, text, expected] of [
  [
    'ixgbe',
    at(9, `${NIC}: NIC Link is Up 10 Gbps, Flow Control: RX/TX`) + at(99, `${NIC}: NIC Link is Down`),
    LOST('eno1'),
  ],
  [
    'ixgbe, which came back',
    at(9, `${NIC}: NIC Link is Down`) + at(99, `${NIC}: NIC Link is Up 10 Gbps, Flow Control: RX/TX`),
    [],
  ],
  ...[
    'ixgbe 0000:03:00.0 eno1:',
    'igb 0000:03:00.0 eno1: igb: eno1',
    'i40e 0000:03:00.0 eno1:',
    'ice 0000:03:00.0 eno1:',
    'e1000e: eno1',
    'e1000e 0000:00:1f.6 eno1:',
  ].map((head) => [`${head} alone`, at(99, `${head} NIC Link is Down`), LOST('eno1')] as const),
  ['tg3', at(9, 'tg3 0000:02:00.0 em1: Link is down'), LOST('em1')],
  [
    'mlx5',
    at(9, 'mlx5_core 0000:3b:00.0 ens1f0np0: Link up') +
      at(99, 'mlx5_core 0000:3b:00.0 ens1f0np0: Link down'),
    LOST('ens1f0np0'),
  ],
  [
    'the stack’s own word',
    at(9, 'IPv6: ADDRCONF(NETDEV_CHANGE): eth0: link becomes ready') +
      at(99, 'be2net 0000:04:00.0 eth0: Link is Down'),
    LOST('eth0'),
  ],
  // A port that nobody uses: the driver says so when it starts.
  ['r8169 at a start', at(9, 'r8169 0000:02:00.0 enp2s0: Link is Down'), ['info nic.log-link-lost enp2s0']],
  [
    'a machine that was shut down',
    at(9, `${NIC}: NIC Link is Up 10 Gbps`) +
      at(99, `${NIC}: NIC Link is Down`) +
      at(100, 'reboot: Restarting system'),
    [],
  ],
  [
    'a boot after it',
    at(99, `${NIC}: NIC Link is Down`) + at(0, 'Linux version 6.1.0-28-amd64 (a@b)') + at(9, 'eth1: no link'),
    [],
  ],
  [
    'one whose state was saved',
    `${at(99, `${NIC}: NIC Link is Down`)}\n$ ip link show eno1\n2: eno1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP mode DEFAULT group default qlen 1000\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n`,
    [],
  ],
  ['a SATA link', at(9, 'ata3: SATA link down (SStatus 0 SControl 300)'), []],
  ['interrupts of the link', STATISTICS('lsc_int: 1523'), ['warning nic.link-flaps eno1']],
  ['a few interrupts of the link', STATISTICS('lsc_int: 8'), []],
  ['mlx5’s count', STATISTICS('link_down_events_phy: 213'), ['warning nic.link-flaps eno1']],
  ['mlx5’s count, which is low', STATISTICS('link_down_events_phy: 4'), []],
  ['qede’s count', STATISTICS('link_change_count: 300'), ['warning nic.link-flaps eno1']],
  ['a row alone', '     lsc_int: 1523\n', ['warning nic.link-flaps unnamed']],
  ['a row alone, which is low', '     link_down_events: 3\n', []],
] as const)
  test(`links: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
