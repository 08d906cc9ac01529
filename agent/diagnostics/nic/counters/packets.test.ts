/** Packets are counted under the names of every driver, and never bytes or one kind of address for all. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packetsIn } from './packets.ts';

const of = (counters: Readonly<Record<string, number>>, side: 'rx' | 'tx' = 'rx') =>
  packetsIn(new Map(Object.entries(counters)), side);

for (const [driver, counters, received] of [
  ['e1000e', { rx_packets: 10, tx_packets: 3, rx_broadcast: 2, rx_bytes: 900 }, 10],
  [
    'ice',
    { rx_bytes: 99, rx_unicast: 4, 'rx_unicast.nic': 8, 'rx_multicast.nic': 1, 'rx_broadcast.nic': 1 },
    10,
  ],
  ['i40e', { 'port.rx_unicast': 5, 'port.rx_multicast': 2, 'port.rx_broadcast': 1 }, 8],
  ['bnx2x', { '[0]: rx_ucast_packets': 3, '[1]: rx_ucast_packets': 4, '[1]: rx_mcast_packets': 1 }, 8],
  ['ena', { queue_0_rx_cnt: 3, queue_1_rx_cnt: 4, queue_0_rx_bytes: 999 }, 7],
  ['vmxnet3', { '  ucast pkts rx': 5, '  mcast pkts rx': 1, '  ucast bytes rx': 999 }, 6],
  ['stmmac', { mmc_rx_framecount_gb: 12, mmc_rx_octetcount_gb: 999 }, 12],
  ['mlx5_core', { rx_packets: 7, rx_packets_phy: 9, rx_vport_unicast_packets: 6 }, 9],
] as const)
  test(`packets received by ${driver}`, () => assert.equal(of(counters), received));

test('what was sent is apart, and nothing is no count', () => {
  assert.equal(of({ rx_packets: 10, tx_queue_0_packets: 3, tx_queue_1_packets: 4 }, 'tx'), 7);
  assert.equal(of({ rx_bytes: 10, rx_errors: 3 }), undefined);
});
