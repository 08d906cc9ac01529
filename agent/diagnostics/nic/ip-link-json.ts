/** What `ip -j link` and `ip -j address` print, with -s and -d (iproute2's ip/ipaddress.c): the members of text's words. */

import { type Json, memberOf, objectsIn } from '../../host/json-members.ts';
import type { IpLink } from './ip-link.ts';
import type { LinkCounter, LinkStatistics } from './statistics.ts';

const MAX_LINKS = 4_096;
const MAX_ADDRESSES = 1_000;

/** Members of "rx" and "tx" that are not named as the kernel's counters but for the direction before them. */
const OWN_NAMES: Readonly<Record<string, LinkCounter>> = {
  multicast: 'multicast',
  collisions: 'collisions',
};

const COUNTERS = new Set<string>([
  ...['bytes', 'packets', 'errors', 'dropped', 'missed_errors', 'over_errors', 'length_errors'].map(
    (name) => `rx_${name}`,
  ),
  ...['rx_crc_errors', 'rx_frame_errors', 'rx_fifo_errors'],
  ...['bytes', 'packets', 'errors', 'dropped', 'carrier_errors', 'aborted_errors', 'fifo_errors'].map(
    (name) => `tx_${name}`,
  ),
  ...['tx_window_errors', 'tx_heartbeat_errors'],
]);

/** Reads the output; nothing where it is no list of interfaces in JSON. */
export function parseIpLinkJson(text: string): IpLink[] {
  let links: unknown;
  try {
    links = JSON.parse(text);
  } catch {
    return [];
  }
  return objectsIn(links)
    .slice(0, MAX_LINKS)
    .flatMap((one) => linkOf(one) ?? []);
}

function linkOf(one: Json): IpLink | undefined {
  const name = wordOf(one.ifname);
  if (name === undefined) return undefined;
  const lower = wordOf(one.link);
  const kind = memberOf(one.linkinfo);
  const vlanId = kind.info_kind === 'vlan' ? numberOf(memberOf(kind.info_data).id) : undefined;
  const parts = {
    ...{ index: numberOf(one.ifindex), lower, mtu: numberOf(one.mtu), queueLength: numberOf(one.txqlen) },
    ...{ qdisc: wordOf(one.qdisc), master: wordOf(one.master), state: wordOf(one.operstate)?.toLowerCase() },
    ...{ type: wordOf(one.link_type), address: wordOf(one.address)?.toLowerCase() },
    ...{ kind: wordOf(kind.info_kind), vlanId },
  };
  return {
    name,
    flags: Array.isArray(one.flags) ? one.flags.map(String).slice(0, 64) : [],
    addresses: objectsIn(one.addr_info)
      .slice(0, MAX_ADDRESSES)
      .flatMap(({ local, prefixlen }) => (typeof local === 'string' ? [`${local}/${prefixlen}`] : [])),
    statistics: statisticsOf(memberOf(one.stats64 ?? one.stats)),
    ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)),
  };
}

function statisticsOf(stats: Json): LinkStatistics {
  const found: { [name in LinkCounter]?: number } = {};
  for (const way of ['rx', 'tx'])
    for (const [name, value] of Object.entries(memberOf(stats[way]))) {
      const counter = OWN_NAMES[name] ?? `${way}_${name}`;
      const number = numberOf(value);
      if (number !== undefined && (COUNTERS.has(counter) || name in OWN_NAMES))
        found[counter as LinkCounter] = number;
    }
  return found;
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 64) : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
