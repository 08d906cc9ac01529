/** Checks of pause frames: which side cannot take what it is sent. */

import type { Check } from '../check.ts';
import { counterCheck, countOf, percentOf } from './counter-check.ts';

const MLX5 = 'https://docs.kernel.org/networking/device_drivers/ethernet/mellanox/mlx5/counters.html';
const LEAST = countOf(10_000, 'chosen: a burst makes some');
const INFO = percentOf(0.1, 'chosen: one in 1,000 packets; without congestion there are next to none');
const WARN = percentOf(
  5,
  'chosen: one in 20 packets; networks for RDMA that lose nothing pause now and then',
);

const paused = counterCheck({
  id: 'nic.paused',
  title: 'A NIC that the other side keeps from sending',
  about:
    'The switch, or a machine behind it, sends pause frames since it cannot take what this NIC sends: it waits, and throughput falls. One slow ' +
    'receiver can hold up all that send to the same switch. Judged among the packets that were sent.',
  quantity: 'pauseReceived',
  of: 'tx_packets',
  ...{ info: INFO, warn: WARN, least: LEAST, links: [MLX5] },
  finding: () => ({
    title: 'The other side pauses what the NIC sends',
    remedy: {
      text: 'See which port of the switch is congested and which machine is slow behind it; where nobody wants flow control: ethtool -A IFACE rx off.',
      risk: 'connection',
    },
    explains: ['nic.transmit-drops', 'nic.queue-drops'],
  }),
});

const pausing = counterCheck({
  id: 'nic.pausing',
  title: 'A NIC that keeps the other side from sending',
  about:
    'The NIC sends pause frames since it cannot deliver what arrives: the machine is too slow, or its bus. Nothing is lost here, but the switch has to ' +
    'keep it, or drops it. Judged among the packets that were received.',
  quantity: 'pauseSent',
  of: 'rx_packets',
  ...{ info: INFO, warn: WARN, least: LEAST, links: [MLX5] },
  finding: () => ({
    title: 'The NIC pauses what the other side sends',
    remedy: {
      text: 'Look at nic.pcie-degraded, nic.interrupts-one-cpu and nic.single-queue; enlarge the ring: ethtool -G IFACE rx N.',
      risk: 'connection',
    },
  }),
});

/** Checks of this file. */
export const NIC_PAUSE_CHECKS: readonly Check[] = [paused, pausing];
