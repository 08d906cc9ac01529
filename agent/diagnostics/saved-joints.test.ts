/** What stands beside, above and below each other in a text, and whose name it has. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from './saved-testing.ts';

const COUNTERS = '     rx_packets: 59646370\n     rx_crc_errors: 912311\n     rx_missed_errors: 0\n';
const OLD =
  'eth7      Link encap:Ethernet  HWaddr 02:00:00:00:00:07\n          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n          RX packets:59646370 errors:0 dropped:0 overruns:0 frame:0\n          TX packets:88218321 errors:0 dropped:0 overruns:0 carrier:0\n';
const NEW =
  '$ ifconfig eth7\neth7: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n        ether 02:00:00:00:00:07  txqueuelen 1000  (Ethernet)\n        RX packets 59646370  bytes 1892834266631 (1.7 TiB)\n        RX errors 0  dropped 0  overruns 0  frame 0\n';
const IP =
  '2: eth7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP mode DEFAULT group default qlen 1000\n    link/ether 02:00:00:00:00:07 brd ff:ff:ff:ff:ff:ff\n';

for (const [what, text, expected] of [
  ['statistics below ifconfig', `${OLD}NIC statistics:\n${COUNTERS}`, ['critical nic.crc-errors eth7']],
  ['rows of them below ifconfig', `${NEW}${COUNTERS}`, ['critical nic.crc-errors eth7']],
  ['statistics below ip link', `${IP}NIC statistics:\n${COUNTERS}`, ['critical nic.crc-errors eth7']],
  ['good ones', `${OLD}NIC statistics:\n${COUNTERS.replace('912311', '0')}`, []],
  [
    'behind an empty line they may be of another',
    `${OLD}\nNIC statistics:\n${COUNTERS}`,
    ['critical nic.crc-errors unnamed'],
  ],
] as const)
  test(`ethtool’s counters directly below an interface’s block are of that interface: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });

test('The command in a text tells its interface, whatever its file’s name looks like', async () => {
  const text = `root@gpu3:~# ethtool -S enp175s0\nNIC statistics:\n${COUNTERS}`;
  assert.deepEqual(await troubles(text, 'ethtool-S-mlx.txt'), ['critical nic.crc-errors enp175s0']);
  assert.deepEqual(await troubles(`NIC statistics:\n${COUNTERS}`, 'ethtool-S-eth3.txt'), [
    'critical nic.crc-errors eth3',
  ]);
});

test('Headings of netstat -s are no hosts', async () => {
  const text =
    'Ip:\n    7364018530 total packets received\nTcp:\n    3764018530 active connections openings\n    2053019961 segments received\n    2816244857 segments send out\n    191055808 segments retransmited\nTcpExt:\n    175757 connections aborted due to timeout\nIpExt:\n    InOctets: 12\n';
  assert.deepEqual(await troubles(text, 'netstat_-s'), ['warning nic.tcp-retransmits']);
});

const INTERRUPTS = (trm: string, err: string) =>
  `           CPU0       CPU1\n  0:         41          0   IO-APIC   2-edge      timer\nNMI:         12         11   Non-maskable interrupts\nTRM: ${trm}   Thermal event interrupts\nMCE:          0          0   Machine check exceptions\nERR: ${err}\nMIS:          0\n`;

test('Heat and errors that /proc/interrupts counts are told', async () => {
  assert.deepEqual(await troubles(INTERRUPTS('4812  4812', '48211')), [
    'info system.interrupt-counters',
    'info system.interrupt-counters',
  ]);
  assert.deepEqual(await troubles(INTERRUPTS('0  0', '1')), []);
});

const lldp = (medium: string) =>
  `-------------------------------------------------------------------------------\nLLDP neighbors:\n-------------------------------------------------------------------------------\nInterface:    eno1, via: LLDP, RID: 1, Time: 1 day, 03:11:09\n  Chassis:\n    ChassisID:    mac 02:00:00:00:00:55\n    SysName:      sw-a1\n    Capability:   Bridge, on\n  Port:\n    PortID:       ifname Ethernet12\n    PMD autoneg:  supported: yes, enabled: yes\n      MAU oper type: ${medium}\n`;

test('How a switch says that its port runs is judged', async () => {
  assert.deepEqual(await troubles(lldp('100BaseTXHD - 2 pair category 5 UTP, half duplex mode')), [
    'warning nic.switch-port eno1',
  ]);
  assert.deepEqual(await troubles(lldp('100BaseTXFD - 2 pair category 5 UTP, full duplex mode')), [
    'info nic.switch-port eno1',
  ]);
  for (const good of [
    '1000BaseTFD - Four-pair Category 5 UTP, full duplex mode',
    '10GigBaseLR - R fiber over 1310 nm optics',
    'unknown',
  ])
    assert.deepEqual(await troubles(lldp(good)), []);
  const current = '"current": "100BaseTXHD - 2 pair category 5 UTP, half duplex mode"';
  assert.deepEqual(
    await troubles(
      `{"lldp": {"interface": {"eno1": {"via": "LLDP", "chassis": {"sw-a1": {"id": {"type": "mac", "value": "02:00:00:00:00:55"}}}, "port": {"id": {"type": "ifname", "value": "Ethernet7"}, "auto-negotiation": {"enabled": true, ${current}}}}}}}\n`,
      'neighbours.json',
    ),
    ['warning nic.switch-port eno1'],
  );
  assert.deepEqual(
    await troubles(
      'lldp.eno1.via=LLDP\nlldp.eno1.chassis.mac=02:00:00:00:00:55\nlldp.eno1.port.ifname=Ethernet7\nlldp.eno1.port.auto-negotiation.current=10BaseTHD - UTP, half duplex mode\n',
      'lldpctl_-f_keyvalue',
    ),
    ['warning nic.switch-port eno1'],
  );
});

const MTU =
  '$ ip -d link show eno1\n4: eno1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9000 qdisc mq state UP mode DEFAULT group default qlen 1000\n    link/ether 02:00:00:00:00:10 brd ff:ff:ff:ff:ff:ff promiscuity 0 minmtu 68 maxmtu 9978\n';

test('What lldpcli printed is read however it was asked, with the rule above it', async () => {
  const text = lldp('unknown').replace('    PMD', '    MFS:          1518\n    PMD');
  for (const asked of [
    'lldpcli show neighbors details',
    'lldpcli show neighbors ports eno1 details',
    'sudo lldpcli sh nei det',
    'lldpctl -a',
    'lldpctl eno1',
  ])
    assert.deepEqual(await troubles(`${MTU}$ ${asked}\n${text}`), ['warning nic.mtu-switch eno1'], asked);
  assert.deepEqual(
    await troubles(`${MTU}$ lldpcli show neighbors details\n${text.replace('1518', '9216')}`),
    [],
  );
  // The limits of this machine's own port.
  const own = text.replace('LLDP neighbors:', 'LLDP interfaces:');
  assert.deepEqual(await troubles(`${MTU}$ lldpcli show interfaces details\n${own}`), []);
});
