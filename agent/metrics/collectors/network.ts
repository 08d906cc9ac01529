/** The network: counters of interfaces and of the stack above them. */

import { quantitiesOf } from '../../diagnostics/nic/counters/counters.ts';
import { nicCounters } from '../../diagnostics/nic/ethtool-facts.ts';
import { type Interface, nicInterfaces } from '../../diagnostics/nic/interfaces.ts';
import { nicSoftnet } from '../../diagnostics/nic/softnet.ts';
import { nicSpeeds } from '../../diagnostics/nic/speeds.ts';
import { parseProtocolCounters } from '../../diagnostics/nic/stack.ts';
import type { LinkStatistics } from '../../diagnostics/nic/statistics.ts';
import { required } from '../../diagnostics/required.ts';
import { CHEAP_MS, type Collector, DEAR_MS } from '../collector.ts';
import { counter, gauge, info, unknown } from '../family.ts';

/** More interfaces than these get no series: they are functions lent out, or containers'. */
const MAX_INTERFACES = 256;

/** Sums, of which what is not known is left out; undefined where nothing is. */
function sum(...values: (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}

/**
 * Counters as node_exporter has them, by /proc/net/dev's columns: some of these are sums of what /sys tells apart
 * (dev_seq_printf_stats in net/core/net-procfs.c).
 */
const COUNTERS: readonly (readonly [
  name: string,
  help: string,
  of: (of: LinkStatistics) => number | undefined,
])[] = [
  ['receive_bytes', 'Bytes received.', (of) => of.rx_bytes],
  ['receive_packets', 'Packets received.', (of) => of.rx_packets],
  ['receive_errs', 'Packets received with an error.', (of) => of.rx_errors],
  ['receive_drop', 'Packets received and dropped.', (of) => sum(of.rx_dropped, of.rx_missed_errors)],
  ['receive_fifo', 'Packets lost since a receive queue was full.', (of) => of.rx_fifo_errors],
  [
    'receive_frame',
    'Packets received with a wrong length or checksum.',
    (of) => sum(of.rx_frame_errors, of.rx_length_errors, of.rx_over_errors, of.rx_crc_errors),
  ],
  ['receive_multicast', 'Multicast packets received.', (of) => of.multicast],
  ['receive_nohandler', 'Packets received that nothing wanted.', (of) => of.rx_nohandler],
  ['transmit_bytes', 'Bytes sent.', (of) => of.tx_bytes],
  ['transmit_packets', 'Packets sent.', (of) => of.tx_packets],
  ['transmit_errs', 'Packets that could not be sent for an error.', (of) => of.tx_errors],
  ['transmit_drop', 'Packets dropped before they were sent.', (of) => of.tx_dropped],
  ['transmit_fifo', 'Packets lost since a transmit queue was full.', (of) => of.tx_fifo_errors],
  ['transmit_colls', 'Collisions.', (of) => of.collisions],
  [
    'transmit_carrier',
    'Packets that could not be sent for a fault of the link.',
    (of) => sum(of.tx_carrier_errors, of.tx_aborted_errors, of.tx_window_errors, of.tx_heartbeat_errors),
  ],
];

/** What /proc/net/dev sums up, told apart where /sys does. */
const APART: readonly (readonly [name: string, help: string, of: keyof LinkStatistics])[] = [
  [
    'receive_crc_errors',
    'Packets received with a wrong checksum: cable, transceiver or port.',
    'rx_crc_errors',
  ],
  ['receive_missed', 'Packets that the device had no room for.', 'rx_missed_errors'],
];

function series(interfaces: readonly Interface[], of: (one: Interface) => number | undefined) {
  return interfaces.map((one) => [{ device: one.name }, of(one)] as const);
}

/** Interfaces without those of containers. */
export const networkCollector: Collector = {
  id: 'network',
  freshMs: CHEAP_MS,
  collect: async (reading) => {
    const all = (await reading.get(nicInterfaces))
      .filter(({ kind }) => kind !== 'veth')
      .slice(0, MAX_INTERFACES);
    const flag = (value: boolean | undefined) => (value === undefined ? undefined : value ? 1 : 0);
    return [
      ...COUNTERS.map(([name, help, of]) =>
        counter(
          `node_network_${name}`,
          help,
          series(all, ({ statistics }) => of(statistics)),
        ),
      ),
      ...APART.map(([name, help, of]) =>
        counter(
          `nodectl_network_${name}`,
          help,
          series(all, ({ statistics }) => statistics[of]),
        ),
      ),
      gauge(
        'node_network_up',
        'Whether the interface’s state is up.',
        series(all, (one) => (one.operstate === 'up' ? 1 : 0)),
      ),
      gauge(
        'node_network_carrier',
        'Whether there is a link.',
        series(all, (one) => flag(one.carrier)),
      ),
      counter(
        'node_network_carrier_changes',
        'How often the link came or went.',
        series(all, (one) => one.carrierChanges),
      ),
      gauge(
        'node_network_mtu_bytes',
        'Largest packet.',
        series(all, (one) => one.mtu),
      ),
      gauge(
        'node_network_transmit_queue_length',
        'Length of the transmit queue.',
        series(all, (one) => one.queueLength),
      ),
      info(
        'node_network',
        'What the interface is.',
        all.map(({ name, address = '', operstate = '', kind, device }) => ({
          ...{ device: name, address, operstate, kind, driver: device?.driver ?? '' },
        })),
      ),
    ];
  },
};

/** Speeds, which the drivers have to be asked for. */
export const linkSpeedCollector: Collector = {
  id: 'network-speed',
  freshMs: DEAR_MS,
  collect: async (reading) => [
    gauge(
      'node_network_speed_bytes',
      'Speed of the link, in bytes a second.',
      [...(await reading.get(nicSpeeds))].map(
        ([device, { speedMbps }]) =>
          [{ device }, speedMbps === undefined ? undefined : speedMbps * 125_000] as const,
      ),
    ),
  ],
};

/** What the drivers count under names of their own, by what it means (nic/counters/). */
export const nicEventCollector: Collector = {
  id: 'ethtool',
  freshMs: DEAR_MS,
  collect: async (reading) => {
    const counters = await reading.get(nicCounters);
    const interfaces = new Map((await reading.get(nicInterfaces)).map((one) => [one.name, one]));
    const events = [...counters].flatMap(([device, of]) =>
      [...quantitiesOf(interfaces.get(device)?.device?.driver ?? '', of)].map(
        ([quantity, { value }]) => [{ device, quantity }, value] as const,
      ),
    );
    return [
      counter(
        'nodectl_nic_events',
        'What the driver counts, by what it means: the largest of its counters of that meaning.',
        events,
      ),
    ];
  },
};

/** The receive queues of processors. */
export const softnetCollector: Collector = {
  id: 'softnet',
  freshMs: CHEAP_MS,
  collect: async (reading) => {
    const { cpus } = await reading.get(nicSoftnet);
    const each = (of: (one: (typeof cpus)[number]) => number) =>
      cpus.map((one) => [{ cpu: String(one.cpu) }, of(one)] as const);
    return [
      counter(
        'node_softnet_processed',
        'Packets that the processor took from devices.',
        each(({ processed }) => processed),
      ),
      counter(
        'node_softnet_dropped',
        'Packets dropped since the processor’s queue was full.',
        each(({ dropped }) => dropped),
      ),
      counter(
        'node_softnet_times_squeezed',
        'How often the processor stopped with packets left.',
        each(({ squeezed }) => squeezed),
      ),
    ];
  },
};

/** Counters of the stack that node_exporter tells by default, and that say something of a node's health. */
const STACK = [
  ...[
    'Tcp ActiveOpens',
    'Tcp PassiveOpens',
    'Tcp CurrEstab',
    'Tcp InSegs',
    'Tcp OutSegs',
    'Tcp RetransSegs',
    'Tcp InErrs',
  ],
  ...[
    'Tcp OutRsts',
    'TcpExt ListenDrops',
    'TcpExt ListenOverflows',
    'TcpExt SyncookiesSent',
    'TcpExt SyncookiesRecv',
  ],
  ...[
    'TcpExt SyncookiesFailed',
    'TcpExt TCPSynRetrans',
    'TcpExt TCPTimeouts',
    'TcpExt TCPOFOQueue',
    'TcpExt TCPRcvQDrop',
  ],
  ...[
    'Udp InDatagrams',
    'Udp OutDatagrams',
    'Udp NoPorts',
    'Udp InErrors',
    'Udp RcvbufErrors',
    'Udp SndbufErrors',
  ],
  ...['Icmp InMsgs', 'Icmp OutMsgs', 'Icmp InErrors', 'Ip Forwarding', 'IpExt InOctets', 'IpExt OutOctets'],
] as const;

/** The stack. Its fact reads tables of routes too, which may be long and are nothing here. */
export const stackCollector: Collector = {
  id: 'netstat',
  freshMs: CHEAP_MS,
  collect: ({ machine }) => {
    const counters = parseProtocolCounters(
      `${required(machine, 'proc/net/snmp')}\n${machine.text('proc/net/netstat') ?? ''}`,
    );
    return STACK.map((name) =>
      unknown(
        `node_netstat_${name.replace(' ', '_')}`,
        `${name} of /proc/net/snmp or netstat.`,
        counters.get(name),
      ),
    );
  },
};
