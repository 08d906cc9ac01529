/** The kernel's own counters of interfaces: /proc/net/dev for all at once, statistics/* for those that are looked at closely. */

import type { Machine } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';

/** Names of counters as in /sys/class/net/IFACE/statistics (Documentation/ABI/testing/sysfs-class-net-statistics). */
export const LINK_COUNTERS = [
  ...['rx_bytes', 'rx_packets', 'rx_errors', 'rx_dropped', 'rx_fifo_errors', 'rx_frame_errors'],
  ...['rx_crc_errors', 'rx_length_errors', 'rx_missed_errors', 'rx_over_errors', 'rx_nohandler', 'multicast'],
  ...['tx_bytes', 'tx_packets', 'tx_errors', 'tx_dropped', 'tx_fifo_errors', 'tx_carrier_errors'],
  ...['tx_aborted_errors', 'tx_heartbeat_errors', 'tx_window_errors', 'collisions'],
] as const;
/** Name of a counter. */
export type LinkCounter = (typeof LINK_COUNTERS)[number];
/** Counters since the interface appeared; what is not known is left out. */
export type LinkStatistics = { readonly [C in LinkCounter]?: number };

/** The columns of /proc/net/dev (net/core/net-procfs.c). Some are sums there, of which
 * frame and carrier are none of sysfs's counters, and drop has rx_missed_errors in it. */
const COLUMNS: readonly (LinkCounter | undefined)[] = [
  ...(['rx_bytes', 'rx_packets', 'rx_errors', 'rx_dropped', 'rx_fifo_errors'] as const),
  ...([undefined, undefined, 'multicast'] as const),
  ...(['tx_bytes', 'tx_packets', 'tx_errors', 'tx_dropped', 'tx_fifo_errors', 'collisions'] as const),
];

/** Interfaces in the kernel's order with their counters. @throws Unavailable nonsense */
export function parseNetDev(text: string): Map<string, LinkStatistics> {
  const found = new Map<string, LinkStatistics>();
  for (const line of text.split('\n', 100_000)) {
    // Old kernels print no blank behind the colon; names may hold colons no more, but aliases of the past did.
    const row = /^\s*(\S{1,32}):\s*(\d[\d\s]*)$/.exec(line.slice(0, 1_000));
    if (!row) continue;
    const values = (row[2] ?? '').trim().split(/\s+/);
    const counters: { [C in LinkCounter]?: number } = {};
    for (const [at, name] of COLUMNS.entries())
      if (name !== undefined && values[at] !== undefined) counters[name] = Number(values[at]);
    found.set(row[1] ?? '', counters);
  }
  if (found.size === 0 && !/Inter-\||face/.test(text))
    throw new Unavailable('nonsense', '/proc/net/dev is not in its format');
  return found;
}

/** The counters below a folder of an interface; those that are not there are left out. @throws Unavailable */
export function readStatistics(machine: Machine, folder: string): LinkStatistics {
  const counters: { [C in LinkCounter]?: number } = {};
  for (const name of LINK_COUNTERS) {
    const text = machine.text(`${folder}/statistics/${name}`)?.trim();
    if (text !== undefined && /^\d{1,20}$/.test(text)) counters[name] = Number(text);
  }
  return counters;
}
