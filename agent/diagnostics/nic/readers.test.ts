/** Readers of /proc and /sys: formats of several kernels, and what is missing or broken in them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unavailable } from '../../host/unavailable.ts';
import { isNobody, parseBond } from './bonding.ts';
import { parseInterrupts } from './interrupts.ts';
import { parseIpLink } from './ip-link.ts';
import { follow, parentPort, pciFolder } from './paths.ts';
import { parseQdiscs, parseQdiscText } from './qdisc.ts';
import { parseSoftnet, softnetTotals } from './softnet.ts';
import { parseIpv6Addresses, parseNeighbourTable, parseProtocolCounters, parseRoutes } from './stack.ts';
import { parseNetDev } from './statistics.ts';
import { parseVlans } from './vlans.ts';

const nonsense = (error: unknown) => error instanceof Unavailable && error.kind === 'nonsense';

test('/proc/net/dev, with and without a blank behind the colon', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 1 2 0 0 0 0 0 0 1 2 0 0 0 0 0 0
  eth0:18446744073709551615    20 3 4 5 6 7 8 9 10 11 12 13 14 15 16
`;
  const found = parseNetDev(text);
  assert.deepEqual([...found.keys()], ['lo', 'eth0']);
  assert.deepEqual(found.get('eth0'), {
    ...{
      rx_bytes: 2 ** 64,
      rx_packets: 20,
      rx_errors: 3,
      rx_dropped: 4,
      rx_fifo_errors: 5,
    },
    ...{ multicast: 8, tx_bytes: 9, tx_packets: 10, tx_errors: 11, tx_dropped: 12, tx_fifo_errors: 13 },
    collisions: 14,
  });
  assert.throws(() => parseNetDev('what\n'), nonsense);
});

test('bonds: LACP with a partner that is nobody, and details of its frames', () => {
  const bond = parseBond(
    'bond0',
    `Ethernet Channel Bonding Driver: v3.7.1 (April 27, 2011)

Bonding Mode: IEEE 802.3ad Dynamic link aggregation
Transmit Hash Policy: layer2+3 (2)
MII Status: up
MII Polling Interval (ms): 100
Up Delay (ms): 0
Down Delay (ms): 0

802.3ad info
LACP rate: fast
Min links: 0
Aggregator selection policy (ad_select): stable
System priority: 65535
System MAC address: 02:00:5e:00:00:01
Active Aggregator Info:
\tAggregator ID: 1
\tNumber of ports: 1
\tActor Key: 9
\tPartner Key: 1
\tPartner Mac Address: 00:00:00:00:00:00

Slave Interface: eth0
MII Status: up
Speed: 10000 Mbps
Duplex: full
Link Failure Count: 3
Permanent HW addr: 02:00:5E:00:00:01
Slave queue ID: 0
Aggregator ID: 1
Actor Churn State: none
Partner Churn State: churned
Actor Churned Count: 0
Partner Churned Count: 1
details actor lacp pdu:
    system priority: 65535
    system mac address: 02:00:5e:00:00:01
    port key: 9
    port priority: 255
    port number: 1
    port state: 77
details partner lacp pdu:
    system priority: 65535
    system mac address: 00:00:00:00:00:00
    oper key: 1
    port state: 1

Slave Interface: eth1
MII Status: down
Speed: Unknown
Duplex: Unknown
Link Failure Count: 1
Permanent HW addr: 02:00:5e:00:00:02
Slave queue ID: 0
Aggregator ID: N/A
`,
  );
  const { mode, hashPolicy, status, pollingMs, aggregator, aggregatorPorts, lacpRate } = bond;
  assert.deepEqual(
    { mode, hashPolicy, status, pollingMs, aggregator, aggregatorPorts, lacpRate },
    {
      mode: '802.3ad',
      hashPolicy: 'layer2+3',
      status: 'up',
      pollingMs: 100,
      aggregator: 1,
      aggregatorPorts: 1,
      lacpRate: 'fast',
    },
  );
  assert.ok(isNobody(bond.partnerAddress));
  assert.deepEqual(bond.members, [
    {
      ...{ name: 'eth0', status: 'up', speedMbps: 10_000, duplex: 'full', linkFailures: 3, aggregator: 1 },
      ...{ permanentAddress: '02:00:5e:00:00:01', actorChurn: 'none', partnerChurn: 'churned' },
      ...{
        actorChurned: 0,
        partnerChurned: 1,
        actorState: 77,
        partnerState: 1,
        partnerAddress: '00:00:00:00:00:00',
      },
    },
    {
      ...{ name: 'eth1', status: 'down', linkFailures: 1, permanentAddress: '02:00:5e:00:00:02' },
      aggregator: 'none',
    },
  ]);
});

test('bonds: active-backup with ARP, and what is no bond', () => {
  const bond = parseBond(
    'b',
    'Bonding Mode: fault-tolerance (active-backup)\nPrimary Slave: em3 (primary_reselect failure)\nCurrently Active Slave: None\nMII Status: down\nMII Polling Interval (ms): 0\nARP Polling Interval (ms): 1000\nARP IP target/s (n.n.n.n form): 10.0.0.1\n',
  );
  assert.deepEqual(
    [bond.mode, bond.primary, bond.activeMember, bond.arpIntervalMs],
    ['active-backup', 'em3', undefined, 1_000],
  );
  assert.throws(() => parseBond('b', 'Link Failure Count: 0\n'), nonsense);
});

test('softnet: old and new columns, processors that are off', () => {
  const old = parseSoftnet(
    '0000272d 00000001 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000000\n',
  );
  assert.deepEqual(old, [{ cpu: 0, processed: 10_029, dropped: 1, squeezed: 2, flowLimited: 0 }]);
  const row = (cpu: string) => `00000010 00000001 00000000 ${'00000000 '.repeat(9)}${cpu}\n`;
  const later = parseSoftnet(row('00000000') + row('00000002'));
  assert.deepEqual(
    later.map(({ cpu }) => cpu),
    [0, 2],
  );
  assert.deepEqual(softnetTotals(later), { processed: 32, dropped: 2, squeezed: 0 });
  assert.throws(() => parseSoftnet('\n'), nonsense);
});

test('interrupts: names behind the counts', () => {
  const { cpus, list } = parseInterrupts(
    '           CPU0       CPU2       \n  0:         36          0   IO-APIC   2-edge      timer\n 24:      17362      22945   PCI-MSI 49153-edge      eth0-TxRx-0\nNMI:          0          0   Non-maskable interrupts\n',
  );
  assert.deepEqual(cpus, [0, 2]);
  assert.deepEqual(list[1], { number: 24, name: 'PCI-MSI 49153-edge eth0-TxRx-0', counts: [17_362, 22_945] });
  assert.throws(() => parseInterrupts('x'), nonsense);
});

test('ip -d link: flags, masters, VLANs and statistics', () => {
  const [lo, bond, vlan] =
    parseIpLink(`1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00 promiscuity 0
5: eth1: <NO-CARRIER,BROADCAST,MULTICAST,SLAVE,UP> mtu 9000 qdisc mq master bond0 state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:5E:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0
    bond_slave state ACTIVE mii_status DOWN link_failure_count 1
    RX: bytes  packets  errors  dropped overrun mcast
    1000       10       1       2       3       4
    TX: bytes  packets  errors  dropped carrier collsns
    2000       20       0       0       5       0
7: bond0.100@bond0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default qlen 1000
    link/ether 02:00:5e:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0
    vlan protocol 802.1Q id 100 <REORDER_HDR>
    inet 192.0.2.9/24 brd 192.0.2.255 scope global bond0.100
`);
  assert.equal(lo?.type, 'loopback');
  assert.deepEqual([bond?.master, bond?.mtu, bond?.state, bond?.kind], ['bond0', 9_000, 'down', undefined]);
  assert.deepEqual(bond?.statistics, {
    ...{ rx_bytes: 1_000, rx_packets: 10, rx_errors: 1, rx_dropped: 2, rx_over_errors: 3, multicast: 4 },
    ...{ tx_bytes: 2_000, tx_packets: 20, tx_errors: 0, tx_dropped: 0, tx_carrier_errors: 5, collisions: 0 },
  });
  assert.deepEqual(
    [vlan?.kind, vlan?.vlanId, vlan?.lower, vlan?.addresses],
    ['vlan', 100, 'bond0', ['192.0.2.9/24']],
  );
});

test('the stack: pairs of lines, tables in hexadecimal, routes', () => {
  const counters = parseProtocolCounters(
    'Tcp: RtoAlgorithm MaxConn RetransSegs\nTcp: 1 -1 77\nTcpExt: ListenOverflows\nTcpExt: 5\nIcmpMsg:\nIcmpMsg:\n',
  );
  assert.deepEqual(
    [counters.get('Tcp RetransSegs'), counters.get('Tcp MaxConn'), counters.get('TcpExt ListenOverflows')],
    [77, -1, 5],
  );
  assert.deepEqual(
    parseNeighbourTable(
      'entries  allocs   destroys hash_grows table_fulls\n00000400  0 0 0 00000003\n00000400  0 0 0 00000002\n',
    ),
    { entries: 1_024, full: 5 },
  );
  assert.equal(parseNeighbourTable(''), undefined);
  const routes = parseRoutes(
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\neth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n',
    `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} ffffffff 00000001 00000000 00200200       lo\n`,
  );
  assert.deepEqual(routes, { ipv4: ['eth0'], ipv6: [], routed: ['eth0'] });
  assert.deepEqual(parseIpv6Addresses('fe800000000000000000000000000001 02 40 20 88 eth0\n'), [
    { interface: 'eth0', address: 'fe800000000000000000000000000001', linkLocal: true, duplicate: true },
  ]);
});

test('VLANs, queues and paths', () => {
  assert.deepEqual(
    parseVlans(
      'VLAN Dev name\t | VLAN ID\nName-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD\nbond0.100      | 100  | bond0\n',
    ),
    [{ name: 'bond0.100', id: 100, parent: 'bond0' }],
  );
  const queues = parseQdiscs(
    '[{"kind":"mq","dev":"eth0","root":true,"packets":10,"drops":2,"overlimits":0,"requeues":1,"qlen":0},{"kind":"fq_codel","dev":"eth0","parent":":1","packets":10,"drops":2}]',
  );
  assert.deepEqual(queues.get('eth0'), {
    kinds: ['mq'],
    packets: 10,
    drops: 2,
    overlimits: 0,
    requeues: 1,
    backlog: 0,
  });
  assert.throws(() => parseQdiscs('{}'), nonsense);
  const text = parseQdiscText(
    'qdisc mq 0: dev eth0 root \n Sent 10 bytes 10 pkt (dropped 2, overlimits 0 requeues 1) \n backlog 0b 0p requeues 1\nqdisc fq_codel 0: dev eth0 parent :1 limit 10240p flows 1024\n Sent 9 bytes 9 pkt (dropped 2, overlimits 0 requeues 0) \n  maxpacket 0 drop_overlimit 0\nqdisc pfifo_fast 0: dev eth1 root refcnt 2 bands 3\n Sent 1 bytes 1 pkt (dropped 7, overlimits 3 requeues 0) \n backlog 12Kb 8p requeues 0\nqdisc ingress ffff: dev eth1 parent ffff:fff1 ---------------- \n Sent 1 bytes 1 pkt (dropped 9, overlimits 0 requeues 0) \n',
  );
  assert.deepEqual(text.get('eth0'), queues.get('eth0'));
  assert.deepEqual(text.get('eth1'), {
    kinds: ['pfifo_fast'],
    packets: 1,
    drops: 7,
    overlimits: 3,
    requeues: 0,
    backlog: 8,
  });
  assert.throws(() => parseQdiscText('Cannot open netlink socket\n'), nonsense);
  assert.equal(
    follow('sys/class/net', '../../devices/pci0000:3a/0000:3b:00.0/net/eth0'),
    'sys/devices/pci0000:3a/0000:3b:00.0/net/eth0',
  );
  assert.equal(follow('a', '../../b'), undefined);
  assert.equal(
    pciFolder('sys/devices/pci0000:00/0000:00:03.0/virtio0'),
    'sys/devices/pci0000:00/0000:00:03.0',
  );
  assert.equal(
    parentPort('sys/devices/pci0000:3a/0000:3a:00.0/0000:3b:00.0'),
    'sys/devices/pci0000:3a/0000:3a:00.0',
  );
});
