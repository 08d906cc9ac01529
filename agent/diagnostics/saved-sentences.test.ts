/** What is said of a trouble that a saved output shows in part: the cause rather than its effects, and the value where there is one. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../host/captured-machine.ts';
import { capturedLinks } from './nic/captured-links.ts';
import { CHECKS } from './registry.ts';
import { newRoot, troubles } from './saved-testing.ts';
import { reportOf } from './testing.ts';

/** The findings in a text. */
async function findings(text: string) {
  const root = newRoot();
  writeFileSync(join(root, 'note.txt'), text);
  return (await reportOf(CHECKS, new CapturedMachine(root))).findings;
}

test('a value whose bounds were not kept is told with the flag', async () => {
  const [one] = await findings(
    '$ ethtool -m lan\nIdentifier                                : 0x03 (SFP)\nReceiver signal average optical power     : 0.0005 mW / -33.01 dBm\nLaser rx power low alarm                  : On\n',
  );
  assert.match(one?.evidence[0] ?? '', /low alarm; it measures -33.01 dBm; its bounds were not captured/);
});

test('collisions are told, and what comes of them is not told beside them', async () => {
  const of = (collisions: number) =>
    `eth1      Link encap:Ethernet  HWaddr 02:00:00:00:00:0c\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n          RX packets:204000000 errors:0 dropped:0 overruns:0 frame:0\n          TX packets:29000000 errors:38000 dropped:0 overruns:0 carrier:38000\n          collisions:${collisions} txqueuelen:1000\n`;
  const told = await findings(of(2_000_000));
  const [cause] = told.filter(({ id }) => id === 'nic.collisions');
  assert.equal(cause?.severity, 'warning');
  for (const { id } of told) assert.ok(id === cause?.id || cause?.explains.includes(id), id);
  assert.ok(!(await troubles(of(90))).join().includes('collisions'));
});

test('ntpd that follows none of sources that agree: how far off the clock is', async () => {
  const table = (offsets: readonly number[]) =>
    `     remote           refid      st t when poll reach   delay   offset  jitter\n==============================================================================\n${offsets.map((offset, at) => ` 192.0.2.${at}      203.0.113.9      2 u    -   64    1   33.7  ${offset}   1.0\n`).join('')}`;
  assert.deepEqual(await troubles(table([1_799_619, 1_799_702, 1_799_640])), [
    'critical clock.offset',
    'warning clock.not-synchronised',
  ]);
  // They do not agree: nobody knows.
  assert.deepEqual(await troubles(table([1_799_619, 4, -20_000])), ['warning clock.not-synchronised']);
});

test('a log of ptp4l whose servo corrects as much as it can', async () => {
  const log = (ppb: number) =>
    Array.from(
      { length: 9 },
      (_, at) =>
        `ptp4l[${1_000 + at}.38]: master offset  ${-23_587_382 - at * 4_000} s2 freq ${ppb} path delay       990\n`,
    ).join('');
  const [limited] = await findings(log(-31_000_000));
  assert.match(limited?.title ?? '', /corrects as much as it can/);
  const [other] = await findings(log(-31_000));
  assert.doesNotMatch(other?.title ?? '', /as much as it can/);
});

test('phc2sys that swings, one that is steady, and one that has just been set', async () => {
  const log = (offsets: readonly number[], state = 's2') =>
    offsets
      .map(
        (offset, at) =>
          `phc2sys[${900 + at}.5]: CLOCK_REALTIME phc offset ${offset} ${state} freq  +1200 delay   1507\n`,
      )
      .join('');
  const swing = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 61_000 : -58_000) + at * 100);
  assert.deepEqual(await troubles(log(swing)), ['warning clock.ptp-unsteady phc2sys']);
  assert.deepEqual(await troubles(log(swing.map((one) => Math.round(one / 100)))), []);
  assert.deepEqual(
    await troubles(log([37_000_000_000], 's1') + log([400, -300, 200, 90, -80, 60, 10, -12, 5])),
    [],
  );
});

test('LACP that nobody answers is one trouble', async () => {
  const member =
    'Slave Interface: swp1\nMII Status: up\nSpeed: 1000 Mbps\nDuplex: full\nLink Failure Count: 0\nAggregator ID: 1\nActor Churn State: none\nPartner Churn State: churned\n';
  assert.deepEqual(
    await troubles(
      `$ cat /proc/net/bonding/bond1\nEthernet Channel Bonding Driver: v5\n\nBonding Mode: IEEE 802.3ad Dynamic link aggregation\nMII Status: up\nMII Polling Interval (ms): 100\n\n802.3ad info\nActive Aggregator Info:\n\tAggregator ID: 1\n\tNumber of ports: 2\n\tPartner Mac Address: 00:00:00:00:00:00\n\n${member}\n${member.replaceAll('swp1', 'swp2')}`,
    ),
    ['critical nic.lacp-no-partner bond1'],
  );
});

test('corrected memory errors of a time that nobody knows', async () => {
  const of = (count: number) => `# edac-util\nmc1: csrow1: DIMM_B2: ${count} Corrected Errors\n`;
  assert.deepEqual(await troubles(of(31)), ['warning memory.corrected-errors DIMM_B2']);
  assert.deepEqual(await troubles(of(3)), ['info memory.corrected-errors DIMM_B2']);
});

test('a link of both sides’ tenth is a warning though this side asked for it', async () => {
  const of = (speed: number, modes: string) =>
    `Settings for eth2:\n\tSupported link modes:   100baseT/Full\n\t                        1000baseT/Full\n\t                        10000baseT/Full\n\tAdvertised link modes:  ${modes}\n\tLink partner advertised link modes:  100baseT/Full\n\t                                     1000baseT/Full\n\t                                     10000baseT/Full\n\tSpeed: ${speed}Mb/s\n\tDuplex: Full\n\tAuto-negotiation: on\n\tLink detected: yes\n`;
  assert.deepEqual(await troubles(of(100, '100baseT/Full')), ['warning nic.speed-low eth2']);
  assert.deepEqual(await troubles(of(1_000, '1000baseT/Full')), ['info nic.speed-low eth2']);
});

test('ethtool of which somebody kept the last lines', async () => {
  const of = (above: string, speed: number) =>
    `$ ethtool eth2\nSettings for eth2:\n${above}\tSpeed: ${speed}Mb/s\n\tDuplex: Full\n\tAuto-negotiation: on\n\tLink detected: yes\n`;
  assert.deepEqual(await troubles(of('', 100)), ['warning nic.speed-low eth2']);
  assert.deepEqual(await troubles(of('', 1_000)), []);
  assert.deepEqual(await troubles(of('\tAdvertised link modes:  100baseT/Full 1000baseT/Full\n', 100)), [
    'warning nic.speed-low eth2',
  ]);
  assert.deepEqual(await troubles(of('\tSupported link modes:   10baseT/Full 100baseT/Full\n', 100)), []);
  assert.deepEqual(
    await troubles(of('\tSupported link modes:   Not reported\n\tSupported pause frame use: No\n', 100)),
    [],
  );
});

const NETSTAT = `Tcp:\n100000 segments received\n120000 segments sent out\n9000 segments retransmitted\nTcpExt:\n`;
const LISTEN =
  '667399 times the listen queue of a socket overflowed\n667399 SYNs to LISTEN sockets ignored\n';
const IBSTAT = (state: string) =>
  `CA type: MT4123\nNumber of ports: 1\nPort 1:\nState: ${state}\nPhysical state: ${state === 'Active' ? 'LinkUp' : 'Polling'}\nLink layer: InfiniBand\n`;
const FLAT_LINK = (dropped: number) =>
  `2: eth0: <BROADCAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP qlen 1000\nlink/ether 00:00:5e:00:53:01 brd ff:ff:ff:ff:ff:ff\nRX: bytes packets errors dropped overrun mcast\n39849569479 142162505 0 ${dropped} 0 0\nTX: bytes packets errors dropped carrier collsns\n5354437176 14931699 0 0 0 0\n`;
const OVERFLOWED = ['warning nic.tcp-listen-overflows'];
for (const [what, text, expected] of [
  ['netstat -s', NETSTAT + LISTEN, [...OVERFLOWED, 'warning nic.tcp-retransmits']],
  ['lines of netstat -s', LISTEN, OVERFLOWED],
  [
    'lines of netstat -s | egrep',
    `[root@server ~]#  netstat -s | egrep "listen|LISTEN" \n${LISTEN}`,
    OVERFLOWED,
  ],
  ['ibstat', `CA 'mlx5_0'\n${IBSTAT('Down')}`, ['warning nic.infiniband-port mlx5_0 port 1']],
  ['ibstat without its first line', IBSTAT('Down'), ['warning nic.infiniband-port port 1']],
  ['ibstat of a port that is well', `CA 'mlx5_0'\n${IBSTAT('Active')}`, []],
  ['ip -s link', FLAT_LINK(8_904_370), ['warning nic.receive-drops eth0']],
  ['ip -s link without drops', FLAT_LINK(0), []],
] as [string, string, string[]][])
  test(`blanks that got lost where a text was pasted: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });

test('neighbours alone are read', async () => {
  const text =
    'LLDP neighbors:\n---\nInterface:    eth0, via: LLDP, RID: 2, Time: 0 day, 00:00:17\n  Chassis:     \n    ChassisID:    mac 52:54:00:0c:6c:1d\n    SysName:      r16\n  Port:        \n    PortID:       ifname eth0\n    TTL:          120\n';
  assert.deepEqual(await troubles(text), []);
  const root = newRoot();
  writeFileSync(join(root, 'note.txt'), text);
  assert.deepEqual([...capturedLinks(new CapturedMachine(root)).keys()], ['eth0']);
});

test('ip -s link of an interface whose name tells nothing is judged where it has a queue', async () => {
  const of = (name: string, qdisc: string) =>
    `3: ${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc ${qdisc} state UP mode DEFAULT group default qlen 1000\n    link/ether 02:00:00:aa:bb:cc brd ff:ff:ff:ff:ff:ff\n    RX: bytes  packets  errors  dropped overrun mcast   \n    1000000000 1000000  50000   0       0       0       \n    TX: bytes  packets  errors  dropped carrier collsns \n    1000000    100000   0       0       0       0       \n`;
  assert.deepEqual(await troubles(`$ ip -s link show dev storage\n${of('storage', 'mq')}`), [
    'warning nic.receive-errors storage',
  ]);
  assert.deepEqual(await troubles(of('storage', 'fq_codel')), ['warning nic.receive-errors storage']);
  assert.deepEqual(await troubles(of('lxcbr', 'noqueue')), []);
  assert.deepEqual(await troubles(of('tap7', 'fq_codel')), []);
});

test('few events that bnx2x counts while the machine starts, and many', async () => {
  const of = (count: number) =>
    `# ethtool -S lan\nNIC statistics:\n     rx_ucast_packets: 90000000\n     rx_constant_pause_events: ${count}\n`;
  assert.deepEqual(await troubles(of(2)), []);
  assert.deepEqual(await troubles(of(200)), ['warning nic.pause-storm lan']);
});

test('an array of whose members a letter says that one is missing', async () => {
  assert.deepEqual(
    await troubles(
      'Personalities : [raid1]\nmd0 : active raid1 sdb1[1] sda1[0]\n      1048512 blocks super 1.2 [2/2] [U_]\n\nunused devices: <none>\n',
    ),
    ['critical disk.md-degraded md0'],
  );
});
