/** Checks of frames that came broken, were lost or could not be sent. */

import type { Check } from '../check.ts';
import { counterCheck, countOf, percentOf } from './counter-check.ts';

const NETDATA_ERRORS = 'netdata interface_inbound_errors: 5 or more in 10 min';
const NETDATA_DROPS = 'netdata inbound_packets_dropped_ratio: 2 % or more in 10 min';
const NODE_MIXIN = 'node-mixin NodeNetworkReceiveErrs and NodeNetworkTransmitErrs: more than 1 % for 1 h';
const IEEE =
  'IEEE 802.3 asks for a bit error ratio of 1e-12, which is one broken frame of full size in 80 million: a hundred times that';
const LEAST = countOf(10, 'chosen: a cable that is plugged in may break a few frames');
const STATISTICS = 'https://docs.kernel.org/networking/statistics.html';

/** A cable, connector, optic or port, in the order of what they cost to try. */
const LINE_REMEDY = {
  text: 'Look at the port’s counters on the switch too; reseat, clean, then replace cable or optic, then try another port. nodectl nic IFACE -n NODE shows the light levels of an optic.',
  risk: 'connection',
} as const;

const crc = counterCheck({
  id: 'nic.crc-errors',
  title: 'Frames received with a wrong checksum',
  about:
    'A frame whose checksum is wrong was damaged on the line: by a bad cable, a dirty or dying optic, a bent fibre or a bad ' +
    'port. Behind a cut-through switch it may have been damaged further away and passed on. Judged by share of all frames; ' +
    'with the agent’s history by those of the last hour, so that a cable replaced last month is no trouble any more.',
  quantity: 'crc',
  kernel: 'rx_crc_errors',
  of: 'rx_packets',
  info: percentOf(0.0001, IEEE),
  warn: percentOf(0.01, 'chosen: one frame in 10,000, which TCP begins to feel'),
  critical: percentOf(1, NODE_MIXIN),
  tenMinutes: countOf(5, NETDATA_ERRORS),
  least: LEAST,
  links: [STATISTICS],
  finding: (_one, own, count) => ({
    title: 'Frames arrive with a wrong checksum',
    remedy: LINE_REMEDY,
    explains: [
      ...['nic.receive-errors', 'nic.tcp-retransmits', 'nic.tcp-checksum-errors'],
      // Damage on the line cuts a few of the frames within a byte; from a wrong duplex most end so.
      ...((own?.get('alignment')?.value ?? 0) < count ? ['nic.alignment-errors'] : []),
    ],
  }),
});

const symbol = counterCheck({
  id: 'nic.symbol-errors',
  title: 'Errors of the line code',
  about:
    'The receiver saw signals that stand for nothing. It happens a little while a link comes up; a count that grows on a ' +
    'running link means a cable or an optic near its end, often before frames break.',
  quantity: 'symbol',
  of: 'rx_packets',
  info: percentOf(
    0.001,
    'chosen: ten times what is worth knowing of broken frames, since a link that comes up makes some',
  ),
  warn: percentOf(0.1, 'chosen: one in 1,000 frames'),
  least: countOf(1_000, 'chosen: bringing a link up makes hundreds'),
  finding: () => ({ title: 'The line code has errors', remedy: LINE_REMEDY, explains: ['nic.crc-errors'] }),
});

const alignment = counterCheck({
  id: 'nic.alignment-errors',
  title: 'Frames that end within a byte',
  about:
    'Frames whose length is no whole number of bytes come from a bad cable, or from a link of which one side runs half and ' +
    'the other full duplex. What ifconfig calls "frame" has those with a wrong checksum or length in it too.',
  quantity: 'alignment',
  kernel: 'rx_frame_errors',
  of: 'rx_packets',
  info: percentOf(0.0001, IEEE),
  warn: percentOf(0.01, 'chosen: one frame in 10,000'),
  least: LEAST,
  finding: (one, own, count) => ({
    title: (own?.get('alignment')?.value ?? 0) >= count ? 'Frames arrive misaligned' : 'Frames arrive broken',
    remedy: {
      text: 'Compare duplex and autonegotiation on both sides, then replace the cable.',
      risk: 'connection',
    },
    explains: [
      ...(Math.max(own?.get('crc')?.value ?? 0, one.statistics.rx_crc_errors ?? 0) > count
        ? []
        : ['nic.crc-errors']),
      'nic.receive-errors',
    ],
  }),
});

const length = counterCheck({
  id: 'nic.length-errors',
  title: 'Frames that are too long or too short',
  about:
    'Frames longer than the interface takes mean that somebody on the segment has a larger MTU (jumbo frames); short ones are ' +
    'what collisions leave.',
  quantity: 'length',
  kernel: 'rx_length_errors',
  of: 'rx_packets',
  info: percentOf(0.001, 'chosen: one frame in 100,000'),
  warn: percentOf(0.1, 'chosen: one frame in 1,000'),
  least: countOf(100, 'chosen: a switch may flood a few'),
  finding: () => ({
    title: 'Frames arrive that are too long or too short',
    remedy: { text: 'Compare the MTU of all machines and switch ports on the segment.', risk: 'none' },
    explains: ['nic.receive-errors'],
  }),
});

const collisions = counterCheck({
  id: 'nic.collisions',
  title: 'Frames that collide',
  about:
    'Only half duplex has collisions: two sides that send at a time. Where the link runs full duplex on both sides the counter stays ' +
    'at zero, so that collisions on a switched network mean that autonegotiation failed or is off on one side.',
  kernel: 'collisions',
  of: 'tx_packets',
  info: percentOf(0.1, 'chosen: one frame in 1,000; on full duplex there are none (IEEE 802.3)'),
  warn: percentOf(1, 'chosen: one frame in 100; a busy shared segment of old times had several'),
  least: countOf(100, 'chosen: a link that comes up may see a few'),
  finding: () => ({
    title: 'Frames collide: the link runs half duplex on one side at least',
    remedy: {
      text: 'Switch autonegotiation on, on both sides: ethtool -s IFACE autoneg on, and the port of the switch.',
      risk: 'connection',
    },
    explains: ['nic.carrier-errors', 'nic.transmit-errors', 'nic.receive-errors', 'nic.alignment-errors'],
  }),
});

const lateCollisions = counterCheck({
  id: 'nic.late-collisions',
  title: 'Late collisions',
  about:
    'On a link that runs full duplex on both sides there are no collisions. Late ones show that one side believes in half ' +
    'duplex, most often because autonegotiation is off on the other.',
  quantity: 'lateCollisions',
  of: 'tx_packets',
  warn: percentOf(0.0001, 'IEEE 802.3: a late collision is an error on any link, however rare'),
  least: LEAST,
  finding: () => ({
    title: 'Late collisions show that both sides differ in duplex',
    remedy: {
      text: 'Switch autonegotiation on, on both sides: ethtool -s IFACE autoneg on, and the port of the switch.',
      risk: 'connection',
    },
    explains: [
      'nic.collisions',
      'nic.transmit-errors',
      'nic.crc-errors',
      'nic.alignment-errors',
      'nic.half-duplex',
    ],
  }),
});

const receive = counterCheck({
  id: 'nic.receive-errors',
  title: 'Receive errors of a NIC',
  about:
    'rx_errors is the kernel’s sum of all frames that came broken or were lost in the device. Other checks say of what kind ' +
    'they are where the driver tells.',
  quantity: 'receiveErrors',
  kernel: 'rx_errors',
  of: 'rx_packets',
  info: percentOf(0.01, 'chosen: a hundredth of the alert of node-mixin'),
  warn: percentOf(1, NODE_MIXIN),
  critical: percentOf(10, 'chosen: ten times the alert of node-mixin'),
  tenMinutes: countOf(5, NETDATA_ERRORS),
  least: LEAST,
  links: [STATISTICS],
  finding: (_one, own) => ({
    title: 'The NIC receives with errors',
    remedy: {
      text: `nodectl nic IFACE -n NODE shows which of the driver’s counters grow. ${LINE_REMEDY.text}`,
      risk: 'connection',
    },
    explains: [
      'nic.tcp-retransmits',
      // Some drivers count those that came broken as drops.
      ...(own?.get('receiveErrors')?.counters.some(({ name }) => /drop/i.test(name))
        ? ['nic.receive-drops']
        : []),
    ],
  }),
});

const transmit = counterCheck({
  id: 'nic.transmit-errors',
  title: 'Transmit errors of a NIC',
  about:
    'tx_errors is the kernel’s sum of all frames that could not be sent: carrier lost, collisions, or trouble in the device.',
  quantity: 'transmitErrors',
  kernel: 'tx_errors',
  of: 'tx_packets',
  info: percentOf(0.01, 'chosen: a hundredth of the alert of node-mixin'),
  warn: percentOf(1, NODE_MIXIN),
  critical: percentOf(10, 'chosen: ten times the alert of node-mixin'),
  tenMinutes: countOf(5, 'netdata interface_outbound_errors: 5 or more in 10 min'),
  least: LEAST,
  links: [STATISTICS],
  finding: () => ({
    title: 'The NIC sends with errors',
    remedy: {
      text: 'Look for link flaps and resets of the device: nodectl dmesg -g IFACE; then update its firmware.',
      risk: 'none',
    },
    explains: ['nic.tcp-retransmits'],
  }),
});

const carrierErrors = counterCheck({
  id: 'nic.carrier-errors',
  title: 'Frames lost because the carrier went away',
  about:
    'Frames that were being sent when the link dropped. A steady count means a cable or a port that drops the link for moments.',
  quantity: 'carrier',
  kernel: 'tx_carrier_errors',
  of: 'tx_packets',
  info: percentOf(0.001, 'chosen: one frame in 100,000'),
  warn: percentOf(0.1, 'chosen: one frame in 1,000'),
  least: LEAST,
  finding: () => ({
    title: 'Frames are lost because the carrier goes away',
    remedy: LINE_REMEDY,
    explains: ['nic.transmit-errors', 'nic.link-flaps'],
  }),
});

const receiveDrops = counterCheck({
  id: 'nic.receive-drops',
  title: 'Packets dropped after they were received',
  about:
    'rx_dropped counts packets that arrived well and were thrown away: no room in the stack, a filter, or a protocol that ' +
    'nobody here speaks. Shares below 2 % are usual where switches send LLDP, STP or other VLANs: where no history tells how ' +
    'many are new, they are worth knowing.',
  kernel: 'rx_dropped',
  of: 'rx_packets',
  infoOfTotals: percentOf(0.1, 'chosen: a twentieth of the alert of netdata'),
  warn: percentOf(2, NETDATA_DROPS),
  critical: percentOf(20, 'chosen: ten times the alert of netdata'),
  least: countOf(200, 'netdata looks at interfaces with more than 10,000 packets, of which 2 % are 200'),
  links: [STATISTICS],
  // A member of a bond that is not the active one drops whatever is flooded to it.
  only: ({ master, statistics }) =>
    (statistics.rx_packets ?? Number.POSITIVE_INFINITY) >= 10_000 &&
    !(master && (statistics.tx_packets ?? 0) < 1_000),
  finding: ({ statistics: { rx_errors: errors = 0 } }) => ({
    title: 'Packets are dropped after they were received',
    more: [
      `rx_dropped is of any cause, protocols that nobody takes among them${errors > 0 ? `; rx_errors ${errors} beside it` : ''}`,
    ],
    remedy: {
      text: 'See nic.ring-overflow and nic.softnet-drops; where both are silent, find what is dropped: dropwatch or perf trace -e skb:kfree_skb.',
      risk: 'none',
    },
    explains: ['nic.tcp-retransmits'],
  }),
});

const transmitDrops = counterCheck({
  id: 'nic.transmit-drops',
  title: 'Packets dropped before they were sent',
  about:
    'Packets that the driver or the device could not take: its queue was full, the link was slower than what was sent, or it was down.',
  quantity: 'transmitDrops',
  kernel: 'tx_dropped',
  of: 'tx_packets',
  warn: percentOf(2, 'netdata outbound_packets_dropped_ratio: 2 % or more in 10 min'),
  critical: percentOf(20, 'chosen: ten times the alert of netdata'),
  least: countOf(20, 'netdata looks at interfaces with more than 1,000 packets, of which 2 % are 20'),
  only: ({ carrier }) => carrier !== false,
  finding: () => ({
    title: 'Packets are dropped before they are sent',
    remedy: {
      text: 'Compare the link’s speed with the load (nodectl nic IFACE -n NODE) and enlarge the ring: ethtool -G IFACE tx N.',
      risk: 'connection',
    },
    explains: ['nic.tcp-retransmits'],
  }),
});

const underruns = counterCheck({
  id: 'nic.transmit-underruns',
  title: 'Frames cut off while they were sent',
  about: 'The device ran out of data within a frame: it could not fetch it fast enough over its bus.',
  quantity: 'underrun',
  kernel: 'tx_fifo_errors',
  of: 'tx_packets',
  info: percentOf(0.0001, 'chosen: there should be none'),
  warn: percentOf(0.01, 'chosen: one frame in 10,000'),
  tenMinutes: countOf(5, 'netdata 10min_fifo_errors: any; five, so that one burst is none'),
  least: LEAST,
  finding: () => ({
    title: 'Frames are cut off while they are sent',
    remedy: {
      text: 'Look at the PCI Express link (nic.pcie-degraded), then update the device’s firmware.',
      risk: 'none',
    },
    explains: ['nic.transmit-errors'],
  }),
});

const checksums = counterCheck({
  id: 'nic.checksum-errors',
  title: 'Packets with a wrong IP, TCP or UDP checksum',
  about:
    'The frame’s checksum was right and the packet’s was not: it was damaged inside of a machine, switch or router on the way, ' +
    'or a sender leaves checksums to an offload that does not do them.',
  quantity: 'checksum',
  of: 'rx_packets',
  info: percentOf(0.001, 'chosen: one packet in 100,000'),
  warn: percentOf(1, 'hotsos: TCP checksum errors above 1 % of what was received'),
  least: countOf(500, 'hotsos: more than 500 TCP checksum errors'),
  finding: () => ({
    title: 'Packets arrive with a wrong checksum in sound frames',
    remedy: {
      text: 'Capture them to find who sends them; where it is one machine, switch its transmit checksum offload off: ethtool -K IFACE tx off.',
      risk: 'none',
    },
    explains: ['nic.tcp-checksum-errors'],
  }),
});

/** Checks of this file. */
export const NIC_ERROR_CHECKS: readonly Check[] = [
  ...[crc, symbol, alignment, length, collisions, lateCollisions, receive, transmit, carrierErrors],
  ...[receiveDrops, transmitDrops, underruns, checksums],
];
