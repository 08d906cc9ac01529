/** What ethtool, tc and /proc/net print of a simulated server beside its links: offloads, cable, error correction, queues, the stack. */

import type { MachineParts } from './memory-machine.ts';

const FEATURES = [
  ...[
    'rx-checksumming: on',
    'tx-checksumming: on',
    '\ttx-checksum-ipv4: off [fixed]',
    '\ttx-checksum-ip-generic: on',
  ],
  ...[
    'scatter-gather: on',
    '\ttx-scatter-gather: on',
    'tcp-segmentation-offload: on',
    '\ttx-tcp-segmentation: on',
  ],
  ...['generic-segmentation-offload: on', 'generic-receive-offload: on', 'large-receive-offload: off'],
  ...[
    'rx-vlan-offload: on',
    'tx-vlan-offload: on',
    'receive-hashing: on',
    'highdma: on [fixed]',
    'rx-vlan-filter: on',
  ],
];

/** A direct-attached cable of two metres: it has a maker and no light. */
const CABLE: Readonly<Record<string, string>> = {
  Identifier: '0x03 (SFP)',
  'Extended identifier': '0x04 (GBIC/SFP defined by 2-wire interface ID)',
  Connector: '0x21 (Copper pigtail)',
  'Transceiver type': 'Passive Cable',
  'BR, Nominal': '25750MBd',
  'Length (Copper)': '2m',
  'Vendor name': 'Mellanox',
  'Vendor PN': 'MCP2M00-A002E30N',
  'Vendor rev': 'A2',
  'Optical diagnostics support': 'No',
};

const SNMP = [
  'Ip: Forwarding DefaultTTL InReceives InHdrErrors',
  'Ip: 2 64 48112000 0',
  'Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors',
  'Tcp: 1 200 120000 -1 91201 60122 310 220 84 46210033 38911204 9120 0 4120 0',
  'Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti',
  'Udp: 1801220 412 0 1790011 0 0 0 0',
];

/** Files and outputs for these ports and the bond above them. */
export function nicOutputs(ports: readonly string[], serial: string): Pick<MachineParts, 'files' | 'tools'> {
  const files = new Map<string, string>();
  const tools = new Map<string, string>();
  for (const [at, name] of ports.entries()) {
    tools.set(`ethtool -k ${name}`, `Features for ${name}:\n${FEATURES.join('\n')}\n`);
    const rows = Object.entries({ ...CABLE, 'Vendor SN': `MT${serial}${at}` });
    tools.set(`ethtool -m ${name}`, rows.map(([key, value]) => `\t${key.padEnd(41)} : ${value}\n`).join(''));
    tools.set(
      `ethtool --show-fec ${name}`,
      `FEC parameters for ${name}:\nSupported/Configured FEC encodings: Auto RS BaseR\nActive FEC encoding: RS\n`,
    );
    tools.set(
      `ethtool -c ${name}`,
      `Coalesce parameters for ${name}:\nAdaptive RX: on  TX: on\nstats-block-usecs: n/a\n\nrx-usecs: 8\nrx-frames: 128\n\ntx-usecs: 8\ntx-frames: 128\n\n`,
    );
    tools.set(
      `ethtool -T ${name}`,
      `Time stamping parameters for ${name}:\nCapabilities:\n\thardware-transmit\n\thardware-receive\n\thardware-raw-clock\nPTP Hardware Clock: ${at}\n` +
        'Hardware Transmit Timestamp Modes:\n\toff\n\ton\nHardware Receive Filter Modes:\n\tnone\n\tall\n',
    );
    tools.set(
      `ethtool -x ${name}`,
      `RX flow hash indirection table for ${name} with 4 RX ring(s):\n    0:      0     1     2     3\nRSS hash function:\n    toeplitz: on\n    xor: off\n`,
    );
    tools.set(
      `ethtool --show-priv-flags ${name}`,
      `Private flags for ${name}:\nrx_cqe_moder   : on\nrx_striding_rq : on\n`,
    );
  }
  const queues = ports.map((dev) => ({
    kind: 'mq',
    handle: '0:',
    dev,
    root: true,
    bytes: 18_334_027_911,
    packets: 39_203_118,
    drops: 0,
    overlimits: 0,
    requeues: 12,
    qlen: 0,
  }));
  tools.set('tc -s -j qdisc show', `${JSON.stringify(queues)}\n`);
  files.set(
    'proc/net/softnet_stat',
    `${['02dc6b90', ...Array(11).fill('00000000'), '00000000', '00000000', '00000000'].join(' ')}\n`,
  );
  files.set('proc/net/snmp', `${SNMP.join('\n')}\n`);
  files.set('proc/net/netstat', 'TcpExt: SyncookiesSent ListenOverflows ListenDrops\nTcpExt: 0 0 0\n');
  files.set(
    'proc/net/sockstat',
    'sockets: used 412\nTCP: inuse 84 orphan 0 tw 20 alloc 96 mem 210\nUDP: inuse 9 mem 12\n',
  );
  files.set('proc/sys/net/ipv4/tcp_mem', '188169\t250892\t376338\n');
  const route = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'bond0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'bond0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
  ];
  files.set('proc/net/route', `${route.join('\n')}\n`);
  files.set(
    'proc/net/stat/arp_cache',
    'entries  allocs   destroys hash_grows lookups  hits     res_failed rcv_probes_mcast rcv_probes_ucast periodic_gc_runs forced_gc_runs unresolved_discards table_fulls\n00000009  00000021 00000018 00000000 00000c11 00000a02 00000000 00000000 00000000 0000b3c1 00000000 00000000 00000000\n',
  );
  files.set('proc/sys/net/ipv4/neigh/default/gc_thresh3', '1024\n');
  return { files, tools };
}
