/** Every check of the area: that it finds its trouble, says it of the right interface, and is silent where all is well. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedMachine } from '../../sim/server.ts';
import { found, type Parts, pastOf, reportOf, statuses } from '../testing.ts';
import { NIC_CHECKS } from './checks.ts';
import { bonding, COPPER, counters, type FakeNic, FIBRE, nicMachine } from './testing.ts';

const HOUR = 3_600_000;
const run = (nics: Record<string, FakeNic>, more: Parts = {}, history?: Parameters<typeof found>[2]) =>
  found(NIC_CHECKS, nicMachine(nics, more), history);
const only = async (
  id: string,
  nics: Record<string, FakeNic>,
  more: Parts = {},
  history?: Parameters<typeof found>[2],
) => (await run(nics, more, history)).filter((one) => one.includes(` nic.${id}`));

const SOFTNET = (dropped: number, squeezed: number) =>
  `${[10_000_000, dropped, squeezed, ...Array(9).fill(0), 0].map((one) => Number(one).toString(16).padStart(8, '0')).join(' ')}\n`;

test('ids are of the area and unique, every check explains itself, every threshold has a source', () => {
  assert.ok(NIC_CHECKS.length >= 80, `${NIC_CHECKS.length} checks`);
  assert.equal(new Set(NIC_CHECKS.map(({ id }) => id)).size, NIC_CHECKS.length);
  for (const { id, area, title, about, thresholds } of NIC_CHECKS) {
    assert.match(id, /^nic\.[a-z0-9]+(?:-[a-z0-9]+)*$/);
    assert.equal(area, 'nic');
    assert.ok(title.length > 10 && about.length > 60, id);
    for (const [name, { source }] of Object.entries(thresholds))
      assert.ok(source.length > 10, `${id} ${name}`);
  }
});

test('what is healthy has no findings, and every check could be made', async () => {
  assert.deepEqual(await run({ eth0: {}, eth1: { ethtool: { '': COPPER }, speed: 1_000 } }), []);
  const report = await reportOf(NIC_CHECKS, simulatedMachine({ name: 'n', rack: 'a', index: 0, faults: [] }));
  assert.deepEqual(report.findings, []);
  assert.ok(
    !Object.values(statuses(report)).includes('skipped'),
    JSON.stringify(report.checks.filter(({ status }) => status === 'skipped')),
  );
});

test('CRC errors: by share of a lifetime, by rate with a past, and none where they are long past', async () => {
  const nic = {
    eth0: {
      driver: 'mlx5_core',
      statistics: { rx_errors: 20_000 },
      ethtool: counters({ rx_crc_errors_phy: 20_000 }),
    },
  };
  assert.deepEqual(await run(nic), ['critical nic.crc-errors eth0', 'warning nic.receive-errors eth0']);
  const few = { eth0: { statistics: { rx_crc_errors: 20, rx_packets: 5_000_000 } } };
  assert.deepEqual(await run(few), ['info nic.crc-errors eth0']);
  const packets = [
    [HOUR, 0],
    [60_000, 900_000],
  ] as const;
  const rising = pastOf({
    'nic/eth0/rx_packets': packets,
    'nic/eth0/rx_crc_errors': [
      [HOUR, 10],
      [500_000, 11],
      [60_000, 20],
    ],
  });
  assert.deepEqual(await run(few, {}, rising), ['warning nic.crc-errors eth0']);
  const quiet = pastOf({
    'nic/eth0/rx_packets': packets,
    'nic/eth0/rx_crc_errors': [
      [HOUR, 20],
      [60_000, 20],
    ],
  });
  assert.deepEqual(await run(few, {}, quiet), []);
});

test('errors of other kinds', async () => {
  const of = (values: Record<string, number>, more: FakeNic = {}) =>
    run({ eth0: { ...more, ethtool: { ...more.ethtool, ...counters(values) } } });
  assert.deepEqual(await of({ rx_symbol_errors: 2_000 }), ['warning nic.symbol-errors eth0']);
  assert.deepEqual(await of({ rx_align_errors: 200 }), ['warning nic.alignment-errors eth0']);
  assert.deepEqual(await of({ rx_long_length_errors: 5_000 }), ['warning nic.length-errors eth0']);
  assert.deepEqual(await of({ tx_abort_late_coll: 50 }), ['warning nic.late-collisions eth0']);
  assert.deepEqual(await of({ rx_csum_offload_errors: 600 }), ['info nic.checksum-errors eth0']);
  assert.deepEqual(await of({ alloc_rx_buff_failed: 500 }), ['warning nic.allocation-failures eth0']);
  assert.deepEqual(await run({ eth0: { statistics: { tx_errors: 20_000 } } }), [
    'warning nic.transmit-errors eth0',
  ]);
  assert.deepEqual(await run({ eth0: { statistics: { tx_carrier_errors: 2_000 } } }), [
    'warning nic.carrier-errors eth0',
  ]);
  assert.deepEqual(await run({ eth0: { statistics: { tx_fifo_errors: 200 } } }), [
    'warning nic.transmit-underruns eth0',
  ]);
  assert.deepEqual(await run({ eth0: { statistics: { rx_dropped: 30_000 } } }), [
    'warning nic.receive-drops eth0',
  ]);
  assert.deepEqual(await run({ eth0: { statistics: { tx_dropped: 30_000 } } }), [
    'warning nic.transmit-drops eth0',
  ]);
  // A backup member of a bond drops what is flooded to it.
  assert.deepEqual(
    await only('receive-drops', {
      eth0: { master: 'bond0', statistics: { rx_dropped: 30_000, tx_packets: 5 } },
    }),
    [],
  );
});

test('events that should not happen', async () => {
  const of = (values: Record<string, number>, driver = 'ixgbe') =>
    run({ eth0: { driver, ethtool: counters(values) } });
  assert.deepEqual(await of({ tx_timeout_count: 1 }), ['warning nic.transmit-timeouts eth0']);
  assert.deepEqual(await of({ wd_expired: 4 }, 'ena'), ['warning nic.resets eth0']);
  assert.deepEqual(await of({ ena_admin_q_no_completion: 1 }, 'ena'), ['warning nic.firmware-silent eth0']);
  assert.deepEqual(await of({ pps_allowance_exceeded: 3 }, 'ena'), ['warning nic.allowance-exceeded eth0']);
  assert.deepEqual(await of({ tx_dma_failed: 50 }), ['warning nic.dma-errors eth0']);
  assert.deepEqual(await of({ rx_pci_signal_integrity: 5_000 }, 'mlx5_core'), ['info nic.pcie-errors eth0']);
  assert.deepEqual(await of({ 'port.mac_remote_faults': 40 }, 'i40e'), ['info nic.link-faults eth0']);
  assert.deepEqual(await of({ tx_pause_storm_error_events: 1 }, 'mlx5_core'), [
    'warning nic.pause-storm eth0',
  ]);
  assert.deepEqual(await of({ module_high_temp: 1 }, 'mlx5_core'), ['warning nic.module-events eth0']);
  assert.deepEqual(await of({ eee_wakeup_errors: 300 }, 'mvneta'), ['info nic.eee-errors eth0']);
  assert.deepEqual(await of({ rx_fec_uncorrectable_blocks: 300 }, 'bnxt_en'), [
    'warning nic.fec-uncorrectable eth0',
  ]);
  const all = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, 0xffff_ffff]));
  assert.deepEqual(
    await only('device-gone', { eth0: { ethtool: counters({ ...all, rx_packets: 0xffff_ffff }) } }),
    ['critical nic.device-gone eth0'],
  );
});

test('buffers: a ring below its maximum is named, the NIC’s own buffer, the backlog and its budget', async () => {
  const small =
    'P:\nPre-set maximums:\nRX:\t4096\nTX:\t4096\nCurrent hardware settings:\nRX:\t512\nTX:\t512\n';
  const nic = { eth0: { statistics: { rx_missed_errors: 500 }, ethtool: { '-g': small } } };
  const { findings } = await reportOf(NIC_CHECKS, nicMachine(nic));
  const [one] = findings;
  assert.deepEqual(
    [one?.id, one?.severity, one?.parameters.ring, one?.parameters.ringMaximum],
    ['nic.ring-overflow', 'warning', 512, 4_096],
  );
  assert.match(one?.remedy.text ?? '', /ethtool -G eth0 rx 4096/);
  assert.match(one?.title ?? '', /could be longer/);
  const full = (await reportOf(NIC_CHECKS, nicMachine({ eth0: { statistics: { rx_missed_errors: 500 } } })))
    .findings[0];
  assert.doesNotMatch(full?.title ?? '', /could be longer/);
  assert.deepEqual(
    await run({ eth0: { driver: 'mlx5_core', ethtool: counters({ rx_discards_phy: 400 }) } }),
    ['warning nic.buffer-overflow eth0'],
  );
  const softnet = (dropped: number, squeezed: number) =>
    run({ eth0: {} }, { files: { 'proc/net/softnet_stat': SOFTNET(dropped, squeezed) } });
  assert.deepEqual(await softnet(0, 10), []);
  assert.deepEqual(await softnet(5_000, 20_000), ['info nic.softnet-squeezed', 'warning nic.softnet-drops']);
  const past = pastOf({
    'nic//softnet_dropped': [
      [HOUR, 5_000],
      [1, 5_000],
    ],
    'nic//softnet_squeezed': [
      [HOUR, 0],
      [1, 20_000],
    ],
  });
  assert.deepEqual(
    await run({ eth0: {} }, { files: { 'proc/net/softnet_stat': SOFTNET(5_000, 20_000) } }, past),
    ['warning nic.softnet-squeezed'],
  );
  const trend = pastOf({
    'nic/eth0/rx_missed_errors': [
      [24 * HOUR, 0],
      [HOUR, 100],
      [1, 50_100],
    ],
  });
  assert.deepEqual(await only('ring-overflow-rising', { eth0: {} }, {}, trend), [
    'info nic.ring-overflow-rising eth0',
  ]);
});

test('queues and interrupts', async () => {
  const single = 'P:\nPre-set maximums:\nCombined:\t8\nCurrent hardware settings:\nCombined:\t1\n';
  const cpus = 'CPU0 CPU1 CPU2 CPU3';
  const irqs = (first: number, others: number) =>
    `           ${cpus}\n${[24, 25, 26].map((irq) => ` ${irq}: ${first} ${others} ${others} ${others} PCI-MSI ${irq}-edge eth0-TxRx-${irq}`).join('\n')}\n`;
  assert.deepEqual(
    await only(
      'single-queue',
      { eth0: { ethtool: { '-l': single } } },
      { files: { 'proc/interrupts': irqs(9, 9) } },
    ),
    ['warning nic.single-queue eth0'],
  );
  assert.deepEqual(await run({ eth0: {} }, { files: { 'proc/interrupts': irqs(900_000, 800_000) } }), []);
  assert.deepEqual(await run({ eth0: {} }, { files: { 'proc/interrupts': irqs(900_000, 10) } }), [
    'warning nic.interrupts-one-cpu eth0',
  ]);
  const nodes = {
    'sys/devices/system/node/node0/cpulist': '0\n',
    'sys/devices/system/node/node1/cpulist': '1-3\n',
  };
  assert.deepEqual(
    await only('numa-remote', { eth0: {} }, { files: { ...nodes, 'proc/interrupts': irqs(10, 900_000) } }),
    ['info nic.numa-remote eth0'],
  );
  const tc =
    '[{"kind":"fq_codel","dev":"eth0","root":true,"packets":10000,"drops":2000,"overlimits":0,"requeues":0,"qlen":9}]';
  assert.deepEqual(await only('queue-drops', { eth0: {} }, { tools: { 'tc -s -j qdisc show': tc } }), [
    'warning nic.queue-drops eth0',
  ]);
  assert.deepEqual(await run({ eth0: { queueLength: 10 } }), ['info nic.short-queue eth0']);
});

test('links: down where somebody uses it, with the driver’s reason; flapping; slow; half duplex; without negotiation', async () => {
  const reason = FIBRE.replace('Link detected: yes', 'Link detected: no (No cable)');
  assert.deepEqual(await run({ eth0: { carrier: false, ethtool: { '': reason } } }), []);
  const route =
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\neth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\n';
  const used = { files: { 'proc/net/snmp': 'Ip: Forwarding\nIp: 2\n', 'proc/net/route': route } };
  const { findings } = await reportOf(
    NIC_CHECKS,
    nicMachine({ eth0: { carrier: false, ethtool: { '': reason } } }, used),
  );
  assert.deepEqual(
    [findings[0]?.id, findings[0]?.severity, findings[0]?.parameters.reason],
    ['nic.link-down', 'critical', 'No cable'],
  );
  assert.match(findings[0]?.remedy.text ?? '', /Plug a cable/);
  assert.deepEqual(await run({ eth0: { changes: 400 } }), ['warning nic.link-flaps eth0']);
  const quiet = pastOf({
    'nic/eth0/carrier_changes': [
      [HOUR, 400],
      [1, 400],
    ],
  });
  assert.deepEqual(await run({ eth0: { changes: 400 } }, {}, quiet), []);
  const busy = pastOf({
    'nic/eth0/carrier_changes': [
      [HOUR, 2],
      [1, 90],
    ],
  });
  assert.deepEqual(await run({ eth0: { changes: 92 } }, {}, busy), ['critical nic.link-flaps eth0']);
  const partner = COPPER.replace(
    'Speed: 1000',
    'Link partner advertised link modes:  100baseT/Full 1000baseT/Full\n\tLink partner advertised auto-negotiation: Yes\n\tSpeed: 100',
  );
  assert.deepEqual(await run({ eth0: { speed: 100, ethtool: { '': partner } } }), [
    'warning nic.speed-low eth0',
  ]);
  const slowSwitch = partner.replace('100baseT/Full 1000baseT/Full\n\tLink', '100baseT/Full\n\tLink');
  assert.deepEqual(await run({ eth0: { speed: 100, ethtool: { '': slowSwitch } } }), []);
  assert.deepEqual(
    await run({
      eth0: {
        speed: 100,
        duplex: 'half',
        ethtool: { '': COPPER.replace('1000Mb/s', '100Mb/s').replace('Duplex: Full', 'Duplex: Half') },
      },
    }),
    ['warning nic.half-duplex eth0', 'warning nic.speed-low eth0'],
  );
  assert.deepEqual(
    await run({
      eth0: {
        speed: 1_000,
        ethtool: { '': COPPER.replace('Auto-negotiation: on', 'Auto-negotiation: off') },
      },
    }),
    ['warning nic.autonegotiation-off eth0'],
  );
});

test('the device: PCI Express, driver, firmware package, what nobody drives', async () => {
  assert.deepEqual(await run({ eth0: { pci: { current_link_width: 1 } } }), [
    'critical nic.pcie-degraded eth0',
  ]);
  assert.deepEqual(await run({ eth0: { pci: { current_link_width: 4 } } }), [
    'warning nic.pcie-degraded eth0',
  ]);
  const port = {
    files: {
      'sys/devices/pci0000:00/0000:00:01.0/max_link_speed': '8.0 GT/s PCIe\n',
      'sys/devices/pci0000:00/0000:00:01.0/max_link_width': '4\n',
    },
  };
  assert.deepEqual(await run({ eth0: { pci: { current_link_width: 4 } } }, port), [
    'info nic.pcie-degraded eth0',
  ]);
  assert.deepEqual(
    await run({ eth0: { pci: { current_link_speed: 'Unknown', current_link_width: 0 } } }),
    [],
  );
  const tainted = {
    links: { 'sys/bus/pci/drivers/ixgbe/module': '../../../../module/ixgbe' },
    files: { 'sys/module/ixgbe/taint': 'OE\n', 'sys/module/ixgbe/version': '5.19.6\n' },
  };
  assert.deepEqual(await run({ eth0: {} }, tainted), ['info nic.driver-out-of-tree eth0']);
  const safe = {
    '-l': 'P:\nPre-set maximums:\nCombined:\t1\nCurrent hardware settings:\nCombined:\t1\n',
    '-k': 'Features for eth0:\nrx-checksumming: off [fixed]\ntcp-segmentation-offload: off [fixed]\nreceive-hashing: off [fixed]\ngeneric-receive-offload: on\n',
  };
  assert.deepEqual(await run({ eth0: { driver: 'ice', ethtool: safe } }), ['warning nic.ice-safe-mode eth0']);
  const unbound = {
    'sys/bus/pci/devices/0000:05:00.0/class': '0x020000\n',
    'sys/bus/pci/devices/0000:05:00.0/vendor': '0x8086\n',
    'sys/bus/pci/devices/0000:05:00.0/device': '0x1592\n',
    'sys/bus/pci/devices/0000:06:00.0/class': '0x010802\n',
  };
  assert.deepEqual(await run({ eth0: {} }, { files: unbound }), ['warning nic.driver-missing 0000:05:00.0']);
});

test('modules against their own bounds', async () => {
  const rows = (changes: Record<string, string>) =>
    Object.entries({
      Identifier: '0x03 (SFP)',
      'Vendor name': 'OEM',
      'Vendor PN': 'SFP-10G-SR',
      'Optical diagnostics support': 'Yes',
      'Laser bias current': '6.000 mA',
      'Laser output power': '0.5000 mW / -3.01 dBm',
      'Receiver signal average optical power': '0.4000 mW / -3.98 dBm',
      'Module temperature': '40.00 degrees C / 104.00 degrees F',
      'Module voltage': '3.3000 V',
      'Laser bias current high alarm threshold': '15.000 mA',
      'Laser bias current low alarm threshold': '2.000 mA',
      'Laser output power high alarm threshold': '1.5849 mW / 2.00 dBm',
      'Laser output power low alarm threshold': '0.1122 mW / -9.50 dBm',
      'Module temperature high alarm threshold': '80.00 degrees C / 176.00 degrees F',
      'Module temperature high warning threshold': '70.00 degrees C / 158.00 degrees F',
      'Module temperature low alarm threshold': '-10.00 degrees C / 14.00 degrees F',
      'Module temperature low warning threshold': '0.00 degrees C / 32.00 degrees F',
      'Module voltage high alarm threshold': '3.6300 V',
      'Module voltage low alarm threshold': '2.9700 V',
      'Laser rx power high alarm threshold': '1.5849 mW / 2.00 dBm',
      'Laser rx power low alarm threshold': '0.0389 mW / -14.10 dBm',
      ...changes,
    })
      .map(([name, value]) => `\t${name} : ${value}`)
      .join('\n');
  const of = (changes: Record<string, string>, more: FakeNic = {}) =>
    run({ eth0: { ...more, ethtool: { '-m': rows(changes) } } });
  assert.deepEqual(await of({}), []);
  assert.deepEqual(await of({ 'Module temperature': '72.00 degrees C / 161.60 degrees F' }), [
    'warning nic.module-temperature eth0',
  ]);
  assert.deepEqual(await of({ 'Module temperature': '85.00 degrees C / 185.00 degrees F' }), [
    'critical nic.module-temperature eth0',
  ]);
  const dark = { 'Receiver signal average optical power': '0.0001 mW / -40.00 dBm' };
  assert.deepEqual(await of(dark), ['critical nic.module-rx-power eth0']);
  assert.deepEqual(await of(dark, { carrier: false }), []);
  assert.deepEqual(await of({ 'Laser output power': '0.0500 mW / -13.01 dBm' }), [
    'critical nic.module-tx-power eth0',
  ]);
  assert.deepEqual(await of({ 'Laser bias current': '18.000 mA' }), ['critical nic.module-bias eth0']);
  assert.deepEqual(await of({ 'Module voltage': '2.8000 V' }), ['critical nic.module-voltage eth0']);
  // A flag that was raised long ago, and bounds that are none.
  assert.deepEqual(await of({ 'Laser bias current low alarm': 'On' }), []);
  assert.deepEqual(
    await of({
      'Module temperature': '85.00 degrees C / 185.00 degrees F',
      'Module temperature high alarm threshold': '-20.00 degrees C / 0 degrees F',
    }),
    [],
  );
  assert.deepEqual(
    await of({ 'Module State': '0x05 (ModuleFault)', 'Module Fault Cause': '0x01 (TEC runaway)' }),
    ['critical nic.module-fault eth0'],
  );
  assert.deepEqual(await of({ 'Tx fault': '[ Yes, No, No, No ]' }), ['warning nic.module-fault eth0']);
  const lanes = Object.fromEntries(
    [0.5, 0.5, 0.1, 0.5].map((power, at) => [
      `Rcvr signal avg optical power(Channel ${at + 1})`,
      `${power} mW / 0 dBm`,
    ]),
  );
  assert.deepEqual(await of({ ...lanes, 'Receiver signal average optical power': '' }), [
    'info nic.module-lane-weak eth0',
  ]);
});

const UP = ['MII Status: up', 'Speed: 25000 Mbps', 'Duplex: full', 'Link Failure Count: 0'];
const LACP = [
  'MII Status: up',
  'MII Polling Interval (ms): 100',
  'Aggregator ID: 1',
  'Number of ports: 2',
  'Partner Mac Address: 02:00:5e:ff:00:01',
];
const lacp = (members: Record<string, readonly string[]>, heading = LACP): Parts => ({
  files: { 'proc/net/bonding/bond0': bonding('IEEE 802.3ad Dynamic link aggregation', heading, members) },
});
const TWO = { eth0: { master: 'bond0' }, eth1: { master: 'bond0' } };

test('bonds', async () => {
  const fine = { eth0: [...UP, 'Aggregator ID: 1'], eth1: [...UP, 'Aggregator ID: 1'] };
  assert.deepEqual(await run(TWO, lacp(fine)), []);
  assert.deepEqual(await run(TWO, lacp({ ...fine, eth1: ['MII Status: down', 'Speed: Unknown'] })), [
    'warning nic.bond-member-down eth1',
  ]);
  assert.deepEqual(
    await only('bond', TWO, lacp({ eth0: ['MII Status: down'], eth1: ['MII Status: down'] })),
    ['critical nic.bond-member-down bond0'],
  );
  assert.deepEqual(await run(TWO, lacp({ eth0: fine.eth0 })), ['info nic.bond-one-member bond0']);
  assert.deepEqual(
    await run(
      TWO,
      lacp({ ...fine, eth1: ['MII Status: up', 'Speed: 10000 Mbps', 'Duplex: full', 'Aggregator ID: 1'] }),
    ),
    ['warning nic.bond-speeds-differ bond0'],
  );
  assert.deepEqual(
    await run(TWO, lacp(fine, [...LACP.slice(0, 4), 'Partner Mac Address: 00:00:00:00:00:00'])),
    ['critical nic.lacp-no-partner bond0'],
  );
  assert.deepEqual(await run(TWO, lacp({ ...fine, eth1: [...UP, 'Aggregator ID: 2'] })), [
    'warning nic.lacp-aggregators bond0',
  ]);
  assert.deepEqual(
    await run(TWO, lacp({ ...fine, eth1: [...UP, 'Aggregator ID: 1', 'Partner Churn State: churned'] })),
    ['warning nic.lacp-churn eth1'],
  );
  assert.deepEqual(await run(TWO, lacp(fine, [...LACP, 'Min links: 4'])), [
    'critical nic.bond-min-links bond0',
  ]);
  assert.deepEqual(
    await run(
      TWO,
      lacp({ ...fine, eth1: [...UP.slice(0, 3), 'Link Failure Count: 40', 'Aggregator ID: 1'] }),
    ),
    ['info nic.bond-failures eth1', 'warning nic.link-flaps eth1'],
  );
  const unwatched = {
    files: {
      'proc/net/bonding/bond0': bonding(
        'fault-tolerance (active-backup)',
        ['MII Status: up', 'MII Polling Interval (ms): 0'],
        { eth0: UP, eth1: UP },
      ),
    },
  };
  assert.deepEqual(await run(TWO, unwatched), ['warning nic.bond-unwatched bond0']);
});

function lldp(
  entries: Record<
    string,
    { id: string; port: string; vlans?: readonly { id: number; native?: boolean }[]; mfs?: number }
  >,
): Record<string, string> {
  const list = Object.entries(entries).map(([name, { id, port, vlans = [], mfs }]) => ({
    [name]: {
      via: 'LLDP',
      chassis: {
        [`sw-${id}`]: { id: { type: 'mac', value: id }, capability: { type: 'Bridge', enabled: true } },
      },
      port: { id: { type: 'ifname', value: port }, ...(mfs ? { mfs: String(mfs) } : {}) },
      ...(vlans.length
        ? { vlan: vlans.map((vlan) => ({ 'vlan-id': String(vlan.id), pvid: vlan.native === true })) }
        : {}),
    },
  }));
  return { 'lldpcli -f json show neighbors details': JSON.stringify({ lldp: { interface: list } }) };
}

test('the switch: one for all, VLANs that it lacks, frames that it does not take', async () => {
  const fine = lacp({ eth0: [...UP, 'Aggregator ID: 1'], eth1: [...UP, 'Aggregator ID: 1'] });
  const apart = lldp({ eth0: { id: 'a', port: '1' }, eth1: { id: 'b', port: '1' } });
  assert.deepEqual(await run(TWO, { ...fine, tools: apart }), []);
  const together = lldp({ eth0: { id: 'a', port: '1' }, eth1: { id: 'a', port: '2' } });
  assert.deepEqual(await run(TWO, { ...fine, tools: together }), ['info nic.bond-one-switch bond0']);
  const native = lldp({
    eth0: { id: 'a', port: '1', vlans: [{ id: 1, native: true }] },
    eth1: { id: 'b', port: '1', vlans: [{ id: 7, native: true }] },
  });
  assert.deepEqual(await run(TWO, { ...fine, tools: native }), ['warning nic.vlan-native-differs bond0']);
  const config = 'VLAN Dev name | VLAN ID\nName-Type: X\nbond0.100 | 100 | bond0\nbond0.200 | 200 | bond0\n';
  const lacking = lldp({ eth0: { id: 'a', port: '1', vlans: [{ id: 1, native: true }, { id: 100 }] } });
  const { findings } = await reportOf(
    NIC_CHECKS,
    nicMachine(TWO, { files: { ...fine.files, 'proc/net/vlan/config': config }, tools: lacking }),
  );
  assert.deepEqual(
    findings.map(({ id, subject, parameters }) => `${id} ${subject.name} ${parameters.vlans}`),
    ['nic.vlan-missing eth0 200'],
  );
  assert.equal(findings[0]?.subject.attributes?.switch, 'sw-a');
  assert.deepEqual(
    await run({ eth0: { mtu: 9_000 } }, { tools: lldp({ eth0: { id: 'a', port: '1', mfs: 1_522 } }) }),
    ['warning nic.mtu-switch eth0'],
  );
  assert.deepEqual(
    await run({ eth0: { mtu: 9_000 } }, { tools: lldp({ eth0: { id: 'a', port: '1', mfs: 9_216 } }) }),
    [],
  );
});

test('MTU, addresses, bridges and names', async () => {
  const config = 'VLAN Dev name | VLAN ID\neth0.5 | 5 | eth0\n';
  const vlan = {
    'proc/net/vlan/config': config,
    'sys/class/net/eth0.5/ifindex': '9\n',
    'sys/class/net/eth0.5/mtu': '9000\n',
  };
  assert.deepEqual(await run({ eth0: {} }, { files: vlan }), ['warning nic.mtu-below eth0']);
  const bridge = (state: number, stp: number) => ({
    'sys/class/net/br0/bridge/stp_state': `${stp}\n`,
    'sys/class/net/br0/ifindex': '20\n',
    'sys/class/net/br0/brif/eth0/state': `${state}\n`,
    'sys/class/net/br0/brif/eth1/state': '3\n',
  });
  const ports = { eth0: { master: 'br0' }, eth1: { master: 'br0' } };
  assert.deepEqual(await run(ports, { files: bridge(3, 0) }), []);
  assert.deepEqual(await run({ ...ports, eth1: { master: 'br0', mtu: 9_000 } }, { files: bridge(3, 0) }), [
    'warning nic.mtu-bridge eth0',
  ]);
  assert.deepEqual(await run(ports, { files: bridge(4, 1) }), ['info nic.bridge-port-blocked eth0']);
  const loop = lldp({ eth0: { id: 'a', port: '1' }, eth1: { id: 'a', port: '2' } });
  assert.deepEqual(await run(ports, { files: bridge(3, 0), tools: loop }), [
    'warning nic.bridge-loop-risk br0',
  ]);
  const same = { address: '02:00:5e:00:00:09' };
  assert.deepEqual(await run({ eth0: same, eth1: same }), ['warning nic.duplicate-mac eth0']);
  assert.deepEqual(await run({ eth0: { ...same, driver: 'hv_netvsc' }, eth1: same }), []);
  const dad = {
    'proc/net/snmp': 'Ip: X\nIp: 1\n',
    'proc/net/route': 'eth0\t00000000\t0\t0003\t0\t0\t0\t00000000\n',
    'proc/net/if_inet6': '20010db8000000000000000000000001 02 40 00 08 eth0\n',
  };
  assert.deepEqual(await run({ eth0: {} }, { files: dad }), ['warning nic.duplicate-address eth0']);
  assert.deepEqual(await run({ rename3: {} }), ['warning nic.name-collision rename3']);
  assert.deepEqual(await run({ eth0: { nameAssignment: 1 }, eth1: { nameAssignment: 1 } }), [
    'info nic.names-unstable',
  ]);
  const udev = (...names: string[]) => ({
    'run/udev/data/n2': `E:ID_NET_NAMING_SCHEME=v252\n${names.map((name) => `E:ID_NET_NAME_PATH=${name}\n`).join('')}`,
  });
  assert.deepEqual(await run({ enp1s0: {} }, { files: udev('enp1s0') }), []);
  assert.deepEqual(await run({ enp1s0: {} }, { files: udev('enp2s0') }), [
    'warning nic.name-will-change enp1s0',
  ]);
});

test('how NICs are set up', async () => {
  const features = (changes: Record<string, string>) =>
    Object.entries({
      'rx-checksumming': 'on',
      'tx-checksumming': 'on',
      '\ttx-checksum-ip-generic': 'on',
      'scatter-gather': 'on',
      'tcp-segmentation-offload': 'on',
      '\ttx-tcp-segmentation': 'on',
      'generic-receive-offload': 'on',
      ...changes,
    })
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n');
  const of = (changes: Record<string, string>, more: FakeNic = {}, parts: Parts = {}) =>
    run({ eth0: { ...more, ethtool: { '-k': `Features for eth0:\n${features(changes)}\n` } } }, parts);
  assert.deepEqual(await of({}), []);
  assert.deepEqual(await of({ 'generic-receive-offload': 'off' }), ['info nic.offloads-off eth0']);
  assert.deepEqual(
    await of({ 'tcp-segmentation-offload': 'off', '\ttx-tcp-segmentation': 'off [fixed]' }),
    [],
  );
  assert.deepEqual(await of({ 'rx-fcs': 'off [requested on]' }), ['info nic.offloads-refused eth0']);
  const br0 = { files: { 'sys/class/net/br0/bridge/stp_state': '0\n', 'sys/class/net/br0/ifindex': '9\n' } };
  assert.deepEqual(await of({ 'large-receive-offload': 'on' }, { master: 'br0' }, br0), [
    'warning nic.lro-forwarding eth0',
  ]);
  assert.deepEqual(await of({ 'large-receive-offload': 'on' }), []);
  const pause = (tx: string) => ({
    '-a': `Pause parameters for X:\nAutonegotiate:\toff\nRX:\t\ton\nTX:\t\t${tx}\n`,
  });
  const pair = {
    eth0: { master: 'bond0', ethtool: pause('on') },
    eth1: { master: 'bond0', ethtool: pause('off') },
  };
  assert.deepEqual(await only('flow-control', pair), [
    'info nic.flow-control-differs eth0',
    'info nic.flow-control-differs eth1',
  ]);
  const eee = { '': COPPER, '--show-eee': 'EEE settings for eth0:\n\tEEE status: enabled - active\n' };
  assert.deepEqual(await only('eee', { eth0: { driver: 'igc', speed: 1_000, changes: 30, ethtool: eee } }), [
    'warning nic.eee-flaps eth0',
  ]);
  assert.deepEqual(await only('eee', { eth0: { driver: 'igc', speed: 1_000, ethtool: eee } }), []);
  const off = {
    '--show-fec': 'FEC parameters for eth0:\nConfigured FEC encodings: Off\nActive FEC encoding: Off\n',
  };
  assert.deepEqual(await only('fec', { eth0: { statistics: { rx_crc_errors: 500 }, ethtool: off } }), [
    'warning nic.fec-off eth0',
  ]);
  assert.deepEqual(await only('fec', { eth0: { ethtool: off } }), []);
});

test('the stack', async () => {
  const stack = (files: Record<string, string>) =>
    run(
      { eth0: {} },
      {
        files: {
          'proc/net/snmp':
            'Tcp: InSegs OutSegs RetransSegs InCsumErrors\nTcp: 1000000 1000000 100 0\nUdp: InDatagrams RcvbufErrors\nUdp: 1000000 10\n',
          'proc/net/route': 'eth0\t00000000\t0\t0003\t0\t0\t0\t00000000\n',
          ...files,
        },
      },
    );
  assert.deepEqual(await stack({}), []);
  assert.deepEqual(await stack({ 'proc/net/snmp': 'Tcp: OutSegs RetransSegs\nTcp: 1000000 30000\n' }), [
    'warning nic.tcp-retransmits',
  ]);
  assert.deepEqual(
    await stack({ 'proc/net/snmp': 'Tcp: InSegs OutSegs RetransSegs InCsumErrors\nTcp: 10000 10 0 900\n' }),
    ['warning nic.tcp-checksum-errors'],
  );
  assert.deepEqual(await stack({ 'proc/net/snmp': 'Udp: InDatagrams RcvbufErrors\nUdp: 1000 100\n' }), [
    'warning nic.udp-buffer-errors',
  ]);
  assert.deepEqual(await stack({ 'proc/net/netstat': 'TcpExt: ListenOverflows\nTcpExt: 900\n' }), [
    'warning nic.tcp-listen-overflows',
  ]);
  const sockets = (mem: number, orphan = 0) => ({
    'proc/net/sockstat': `TCP: inuse 5 orphan ${orphan} tw 0 alloc 9 mem ${mem}\n`,
    'proc/sys/net/ipv4/tcp_mem': '500\t800\t1000\n',
    'proc/sys/net/ipv4/tcp_max_orphans': '100\n',
  });
  assert.deepEqual(await stack(sockets(500)), []);
  assert.deepEqual(await stack(sockets(900)), ['warning nic.tcp-memory']);
  assert.deepEqual(await stack(sockets(1_100)), ['critical nic.tcp-memory']);
  assert.deepEqual(await stack(sockets(5, 30)), ['warning nic.tcp-orphans']);
  const table = (entries: number, full: number) => ({
    'proc/net/stat/arp_cache': `entries  allocs table_fulls\n${entries.toString(16)} 0 ${full.toString(16)}\n`,
    'proc/sys/net/ipv4/neigh/default/gc_thresh3': '1024\n',
  });
  assert.deepEqual(await stack(table(100, 0)), []);
  assert.deepEqual(await stack(table(900, 0)), ['warning nic.neighbour-table IPv4']);
  assert.deepEqual(await stack(table(1_000, 9)), ['critical nic.neighbour-table IPv4']);
  assert.deepEqual(await stack({ 'proc/net/route': 'Iface\n' }), ['info nic.no-default-route']);
});
