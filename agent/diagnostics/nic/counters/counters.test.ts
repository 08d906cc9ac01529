/** The dictionary of drivers' counters: names of forty drivers, sums over queues, and names that nobody knows. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStatistics } from '../ethtool/statistics.ts';
import { isGone, quantitiesOf, TABLE_SIZE, templateOf } from './counters.ts';
import { QUANTITIES, type Quantity } from './quantities.ts';
import { COMMON, OF_DRIVERS } from './table.ts';

/** Names as each driver prints them, and what they count; "-" for what is no trouble. */
const SAMPLES: Readonly<Record<string, Readonly<Record<string, Quantity | '-'>>>> = {
  ixgbe: {
    rx_crc_errors: 'crc',
    rx_missed_errors: 'missed',
    rx_no_dma_resources: 'missed',
    tx_timeout_count: 'timeouts',
    alloc_rx_buff_failed: 'allocation',
    rx_flow_control_xoff: 'pauseReceived',
    rx_csum_offload_errors: 'checksum',
    rx_packets: '-',
    fcoe_bad_fccrc: '-',
  },
  i40e: {
    'port.rx_crc_errors': 'crc',
    'port.illegal_bytes': 'symbol',
    'port.rx_discards': 'missed',
    'port.tx_dropped_link_down': 'carrier',
    'port.link_xoff_rx': 'pauseReceived',
    'port.mac_local_faults': 'linkFault',
    'tx-0.tx_packets': '-',
  },
  ice: {
    'rx_crc_errors.nic': 'crc',
    'rx_dropped.nic': 'missed',
    'tx_timeout.nic': 'timeouts',
    'link_xoff_tx.nic': 'pauseSent',
    rx_alloc_fail: 'allocation',
  },
  igb: {
    rx_queue_3_drops: 'missed',
    rx_no_buffer_count: 'starved',
    rx_queue_0_csum_err: 'checksum',
    tx_abort_late_coll: 'lateCollisions',
    tx_hwtstamp_timeouts: '-',
  },
  igc: { rx_missed_errors: 'missed', rx_align_errors: 'alignment', tx_timeout_count: 'timeouts' },
  e1000e: { rx_long_length_errors: 'length', tx_dma_failed: 'dma', rx_no_buffer_count: 'starved' },
  fm10k: { nodesc_drop: 'missed', tx_hang_count: 'transmitErrors', rx_overrun_pf: 'fifo' },
  bnxt_en: {
    '[3]: rx_discards': 'missed',
    rx_fcs_err_frames: 'crc',
    rx_fec_uncorrectable_blocks: 'fecUncorrected',
    link_down_events: 'linkDown',
    continuous_pause_events: 'pauseStorm',
    '[0]: rx_l4_csum_errors': 'checksum',
    rx_pcs_symbol_err: 'symbol',
    rx_discard_packets_cos3: 'fifo',
    rx_total_frames: '-',
  },
  bnx2: { rx_fw_discards: 'missed', rx_crc_errors: 'crc', rx_ftq_discards: 'fifo' },
  bnx2x: {
    rx_brb_discard: 'fifo',
    '[1]: rx_skb_alloc_discard': 'allocation',
    rx_constant_pause_events: 'pauseStorm',
    recoverable_errors: 'resets',
  },
  tg3: {
    rx_fcs_errors: 'crc',
    rx_discards: 'missed',
    tx_late_collisions: 'lateCollisions',
    rx_xoff_pause_rcvd: 'pauseReceived',
    tx_carrier_sense_errors: 'carrier',
  },
  r8169: { rx_missed: 'missed', align_errors: 'alignment', tx_underrun: 'underrun' },
  ena: {
    bw_in_allowance_exceeded: 'allowance',
    pps_allowance_exceeded: 'allowance',
    tx_timeout: 'timeouts',
    wd_expired: 'resets',
    queue_2_rx_empty_rx_ring: 'starved',
    queue_0_tx_missed_tx: 'transmitErrors',
    ena_admin_q_no_completion: 'firmware',
  },
  gve: {
    tx_timeouts: 'timeouts',
    rx_dropped: 'missed',
    reset_cnt: 'resets',
    'rx_no_buffers_posted[3]': 'missed',
    adminq_timeouts: 'firmware',
  },
  mlx4_en: { rx_dropped: 'missed', rx0_dropped: 'missed', rx_jabbers: 'jabber', tx_timeout: 'timeouts' },
  mlx5_core: {
    rx_out_of_buffer: 'missed',
    rx_discards_phy: 'fifo',
    rx_crc_errors_phy: 'crc',
    rx_symbol_err_phy: 'symbol',
    rx_pcs_symbol_err_phy: 'symbol',
    link_down_events_phy: 'linkDown',
    tx_pause_storm_error_events: 'pauseStorm',
    rx_prio0_pause: 'pauseReceived',
    module_high_temp: 'module',
    rx_pci_signal_integrity: 'pci',
    rx_steer_missed_packets: '-',
    rx_err_lane_2_phy: 'symbol',
    rx_prio3_discards: 'fifo',
  },
  be2net: {
    'rxq0: rx_drops_no_frags': 'missed',
    rx_drops_no_pbuf: 'missed',
    rxpp_fifo_overflow_drop: 'fifo',
    'rxq1: rx_post_fail': 'allocation',
    rx_ip_checksum_errs: 'checksum',
    jabber_events: 'jabber',
  },
  cxgb4: {
    rx_bg0_frames_dropped: 'fifo',
    rx_fcs_errors: 'crc',
    rx_symbol_errors: 'symbol',
    tx_frames_dropped: 'transmitDrops',
  },
  cxgb3: { RxFCSErrors: 'crc', RxFIFOoverflow: 'fifo', LinkFaults: 'linkFault' },
  nfp: { dev_rx_discards: 'missed', 'mac.rx_frame_check_sequence_errors': 'crc', hw_rx_csum_err: 'checksum' },
  atlantic: { InErrors: 'crc', InDroppedDma: 'missed', 'Queue[0] AllocFails': 'allocation', InPackets: '-' },
  virtio_net: { rx_queue_0_drops: 'receiveErrors', tx0_tx_timeouts: 'timeouts', rx_queue_0_xdp_drops: '-' },
  vmxnet3: {
    'pkts rx OOB': 'missed',
    'tx timeout count': 'timeouts',
    'rx buf alloc fail': 'starved',
    fcs: 'crc',
    'ring full': 'transmitDrops',
  },
  hv_netvsc: { rx_no_memory: 'allocation', tx_no_space: 'transmitDrops', tx_send_full: '-' },
  qede: {
    no_buff_discards: 'missed',
    brb_discards: 'fifo',
    rx_crc_errors: 'crc',
    '3: rx_alloc_errors': 'allocation',
    mac_filter_discards: '-',
  },
  enic: { rx_no_bufs: 'missed', rx_crc_errors: 'crc' },
  sfc: {
    port_rx_nodesc_drops: 'missed',
    port_rx_overflow: 'fifo',
    port_rx_bad: 'crc',
    fec_uncorrected_errors: 'fecUncorrected',
    rx_eth_crc_err: 'crc',
  },
  liquidio: { mac_rx_fcs_err: 'crc', mac_rx_fifo_err: 'fifo' },
  stmmac: {
    mmc_rx_crc_error: 'crc',
    overflow_error: 'fifo',
    rx_buf_unav_irq: 'missed',
    fatal_bus_error_irq: 'dma',
    phy_eee_wakeup_error_n: 'eee',
    mmc_tx_latecol: 'lateCollisions',
  },
  mvneta: { bad_crc_event: 'crc', rx_discard: 'missed', rx_overrun: 'fifo', eee_wakeup_errors: 'eee' },
  mvpp2: {
    rxq_0_queue_full_drops: 'missed',
    rx_fifo_or_parser_overrun_drops: 'fifo',
    crc_errors_sent: 'transmitErrors',
  },
  hns3: { mac_rx_fcs_err_pkt_num: 'crc', rxq0_l2_err: 'receiveErrors', mac_tx_mac_pause_num: 'pauseSent' },
  hinic: { rx_discard_vport: 'missed', mac_rx_sym_err_pkt_num: 'symbol' },
  mana: { hc_rx_discards_no_wqe: 'missed', hc_tx_err_gdma: 'transmitErrors' },
  ionic: { frames_rx_bad_fcs: 'crc', hw_rx_dropped: 'missed', hw_rx_over_errors: 'fifo' },
  macb: { rx_frame_check_sequence_errors: 'crc', rx_resource_errors: 'missed', rx_overruns: 'fifo' },
  fec: { IEEE_rx_crc: 'crc', IEEE_rx_macerr: 'fifo', IEEE_tx_cserr: 'carrier' },
  enetc: { 'MAC rx fcs errors': 'crc', 'Rx ring  0 discarded frames': 'missed', 'MAC tx fcs errors': '-' },
  bcmgenet: { rx_align: 'alignment', rbuf_ovflow_cnt: 'fifo', alloc_rx_buff_failed: 'allocation' },
  sky2: { rx_fcs_error: 'crc', rx_fifo_overflow: 'fifo' },
  alx: { rx_rrd_ov_drop_packets: 'missed', rx_rxf_ov_drop_packets: 'fifo' },
  'amd-xgbe': { rx_buffer_unavailable: 'missed', rx_fifo_overflow_errors: 'fifo' },
  lan743x: { 'RX FCS Errors': 'crc', 'RX Dropped Frames': 'missed', 'TX Late Collisions': 'lateCollisions' },
  rvu_nicpf: { 'Fec Uncorrected Errors: ': 'fecUncorrected', rx_fcs_errs: 'crc' },
};

test('names of every driver', () => {
  for (const [driver, names] of Object.entries(SAMPLES))
    for (const [name, quantity] of Object.entries(names)) {
      const text = `NIC statistics:\n     ${name}: 7\n`;
      const found = [...quantitiesOf(driver, parseStatistics(text))].map(
        ([key, { value }]) => `${key} ${value}`,
      );
      assert.deepEqual(found, quantity === '-' ? [] : [`${quantity} 7`], `${driver}: ${name}`);
    }
  assert.ok(Object.keys(SAMPLES).length >= 40);
  assert.ok(TABLE_SIZE.names > 550 && TABLE_SIZE.drivers >= 14);
});

test('the table holds templates, each once', () => {
  const seen = new Set<string>();
  for (const [quantity, names] of Object.entries(COMMON)) {
    assert.ok(quantity in QUANTITIES);
    for (const name of names.trim().split(/\s+/)) {
      assert.equal(templateOf(name), name);
      assert.ok(!seen.has(name), `${name} is there twice`);
      seen.add(name);
    }
  }
  for (const names of Object.values(OF_DRIVERS))
    for (const name of Object.values(names).join(' ').split(/\s+/)) assert.equal(templateOf(name), name);
});

test('queues add up, different names for the same do not', () => {
  const counters = new Map([
    ['[0]: rx_discards', 3],
    ['[1]: rx_discards', 4],
    ['rx_total_discard_pkts', 6],
    ['rx_missed_errors', 0],
  ]);
  const missed = quantitiesOf('bnxt_en', counters).get('missed');
  assert.equal(missed?.value, 7);
  assert.deepEqual(
    missed?.counters.map(({ name }) => name),
    ['rx_total_discard_pkts', '[1]: rx_discards', '[0]: rx_discards'],
  );
});

test('a driver that nobody knows is read by its words, and that is told', () => {
  const found = quantitiesOf(
    'newnic',
    new Map([
      ['port_rx_total_crc_err', 5],
      ['tx_hw_timeouts', 1],
      ['rx_q0_no_desc_drop', 2],
      ['rx_bytes', 9],
    ]),
  );
  assert.deepEqual(
    [...found].map(([quantity, { value, known }]) => `${quantity} ${value} ${known}`),
    ['crc 5 false', 'timeouts 1 false', 'missed 2 false'],
  );
});

test('a device that has gone answers with all bits set', () => {
  const gone = new Map(['a', 'b', 'c', 'rx_crc_errors'].map((name) => [name, 2 ** 64]));
  assert.ok(isGone(gone));
  assert.equal(quantitiesOf('ixgbe', gone).size, 0);
  assert.ok(!isGone(new Map([['a', 2 ** 64]])));
});
