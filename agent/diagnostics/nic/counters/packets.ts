/** How many packets a driver counted, under whatever names: errors are judged among them where the kernel's count is not there. */

import type { Counters } from '../ethtool/statistics.ts';
import { templateOf } from './counters.ts';

/**
 * Names of all that was received, as templateOf has them, those of queues with a "#". For what was sent "tx" is in the place of
 * "rx". From the drivers' sources, as table.ts.
 */
const WHOLE = new Set(
  `rx_packets rx_packets_phy rx_pkts_nic port_rx_packets rx_frames rx_total_packets rx_total_pkts rx_total_frames rx_good_frames
  rx_ok rx_pkts rx_pkt_n frames_rx_ok frames_rx_all mmc_rx_framecount_gb mmc_rx_framecount_g mac_rx_total_pkt_num dev_rx_packets
  ieee_rx_packets rx_good_packets rx_packets_ok hw_rx_packets mac_rx_packets mac_rx_frames
  rx_queue_#_packets rx_queue_#_cnt queue_#_rx_cnt queue_#_rx_packets rx#_packets rxq#_packets rxq#_rx_pkts rx_#_packets
  q#_rx_pkt_n rxq_#_packets rx_#_pkts rx_ring_#_packets rx_#_cnt rx_q_#_packets`.split(/\s+/),
);
/** Counts of one kind of address, which add up: "rx_ucast_packets", "port.rx_broadcast", "[0]: rx_mcast_packets". */
const OF_KIND = /^(?:port_|rx_vport_)?(?:#_)?rx_\*(?:_(?:packets|pkts|frames|nic|phy))?$|^\*_pkts_rx$/;

/** Words in the names of what was dropped on purpose, or is counted elsewhere. */
const MEANT =
  /filter|steer|xdp|vlan|cast|unknown|unsupport|policer|acl|pause|tls|macsec|link_down|not_for|mac_ctrl|tx/;

/**
 * Packets that a driver dropped while receiving, under names that are in no table ("rx_pkts_dropped"): the largest of them; undefined where
 * there are none.
 */
export function dropsIn(counters: Counters): number | undefined {
  const sums = new Map<string, number>();
  for (const [name, value] of counters) {
    const template = templateOf(name.replace(/ \(\d+\)$/, ''));
    if (!/(?:^|_)rxq?(?:_|$|#)/.test(template) || !/drop|discard/.test(template) || MEANT.test(template))
      continue;
    sums.set(template, (sums.get(template) ?? 0) + value);
  }
  return sums.size === 0 ? undefined : Math.max(...sums.values());
}

/** Packets on one side; undefined where no counter tells. Several that count the same differ a little: the largest counts. */
export function packetsIn(counters: Counters, side: 'rx' | 'tx'): number | undefined {
  const sums = new Map<string, number>();
  for (const [name, value] of counters) {
    const own = templateOf(name.replace(/ \(\d+\)$/, ''));
    const template = side === 'rx' ? own : own.replaceAll('rx', '-').replaceAll('tx', 'rx');
    const kinds = template.replace(/(?:u|m|b|uni|multi|broad)cast/, '*');
    const key = WHOLE.has(template)
      ? template
      : kinds !== template && OF_KIND.test(kinds)
        ? kinds
        : undefined;
    if (key !== undefined) sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return sums.size === 0 ? undefined : Math.max(...sums.values());
}
