/** Outputs that lost their line breaks where somebody copied them from a page. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const IP = (errors: number) =>
  `me@lamp:~ $ ip -s link ls eth0 3: eth0: <BROADCAST,MULTICAST,UP> mtu 1500 qdisc cbq qlen 100 link/ether 02:00:00:00:00:78 brd ff:ff:ff:ff:ff:ff RX: bytes packets errors dropped overrun mcast 2449949362 2786187 ${errors} 0 0 0 TX: bytes packets errors dropped carrier collsns 178558497 1783945 0 0 0 0 me@lamp:~ $\n`;
const BOND = (status: string) =>
  `#cat /proc/net/bonding/bond0 Ethernet Channel Bonding Driver: v3.7.1 (April 27, 2011) Bonding Mode: fault-tolerance (active-backup) Primary Slave: eth1 Currently Active Slave: eth1 MII Status: up MII Polling Interval (ms): 1000 Up Delay (ms): 0 Down Delay (ms): 0 Slave Interface: eth1 MII Status: up Speed: 10000 Mbps Duplex: full Link Failure Count: 0 Slave Interface: eth2 MII Status: ${status} Speed: 10000 Mbps Duplex: full Link Failure Count: 0 Permanent HW addr: 02:00:00:00:00:02 Slave queue ID: 0\n`;
const SETTINGS = (duplex: string) =>
  `Settings for eno1: Supported ports: [ TP ] Supported link modes: 10baseT/Half 10baseT/Full 100baseT/Half 100baseT/Full 1000baseT/Full Supports auto-negotiation: Yes Speed: 1000Mb/s Duplex: ${duplex} Port: Twisted Pair PHYAD: 1 Transceiver: internal Auto-negotiation: on Link detected: yes\n`;
const COUNTERS = (crc: number) =>
  `$ ethtool -S eno1 NIC statistics: rx_packets: 59646370 tx_packets: 88218321 rx_errors: ${crc} tx_errors: 0 rx_crc_errors: ${crc} rx_missed_errors: 0\n`;
const TRACKING = (leap: string, id: string) =>
  `$ chronyc tracking Reference ID : ${id} Stratum : 3 Ref time (UTC) : Mon Mar 04 10:00:00 2024 System time : 0.000000012 seconds slow of NTP time Last offset : -0.000000123 seconds RMS offset : 0.000001000 seconds Frequency : 1.084 ppm slow Residual freq : +0.001 ppm Skew : 0.023 ppm Root delay : 0.000406730 seconds Root dispersion : 0.000293995 seconds Update interval : 64.2 seconds Leap status : ${leap}\n`;
const TIMEDATECTL = (set: string) =>
  `timedatectl Local time: Sat 2024-08-31 20:14:16 UTC Universal time: Sat 2024-08-31 20:14:16 UTC RTC time: Sat 2024-08-31 20:13:59 Time zone: Etc/UTC (UTC, +0000) System clock synchronized: ${set} NTP service: active RTC in local TZ: no\n`;

for (const [what, ill, well, expected] of [
  ['ip', IP(91_822), IP(0), 'warning nic.receive-errors eth0'],
  ['a bond', BOND('down'), BOND('up'), 'warning nic.bond-member-down eth2'],
  ['ethtool', SETTINGS('Half'), SETTINGS('Full'), 'warning nic.half-duplex eno1'],
  ['counters', COUNTERS(912_311), COUNTERS(0), 'critical nic.crc-errors eno1'],
  [
    'chronyc',
    TRACKING('Not synchronised', '00000000 ()'),
    TRACKING('Normal', 'C0000207 (192.0.2.7)'),
    'warning clock.not-synchronised',
  ],
  ['timedatectl', TIMEDATECTL('no'), TIMEDATECTL('yes'), 'warning clock.not-synchronised'],
] as const)
  test(`In one line: ${what}`, async () => {
    const told = await troubles(ill);
    assert.ok(told.includes(expected), told.join());
    assert.deepEqual(await troubles(well), []);
  });
