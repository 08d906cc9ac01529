/** `ip -d link` and `ip -d address` as text, for captured machines of which that is kept and /sys is not (iproute2's ip/ipaddress.c). */

import { parseIpLinkJson } from './ip-link-json.ts';
import type { LinkCounter, LinkStatistics } from './statistics.ts';

/** An interface as `ip` prints it. */
export interface IpLink {
  readonly name: string;
  /** Undefined where another program told of it. */
  readonly index?: number;
  /** What stands behind the @ of its name: the interface below a VLAN, the other end of a veth. */
  readonly lower?: string;
  readonly flags: readonly string[];
  readonly mtu?: number;
  readonly master?: string;
  readonly state?: string;
  readonly queueLength?: number;
  /** The queueing discipline: "mq", "noqueue". */
  readonly qdisc?: string;
  /** "ether", "loopback", "none". */
  readonly type?: string;
  readonly address?: string;
  /** "bond", "vlan", "bridge", "veth" …, from the details. */
  readonly kind?: string;
  readonly vlanId?: number;
  readonly addresses: readonly string[];
  /** It has an interrupt or memory of its own, as ifconfig tells. */
  readonly hardware?: boolean;
  /** With -s. */
  readonly statistics: LinkStatistics;
}

/** Kinds that have a line of details which begins with them. */
const KINDS =
  /^(bond|vlan|bridge|veth|vxlan|macvlan|macvtap|ipvlan|dummy|tun|team|wireguard|gre|gretap|sit|ipip|geneve|vrf|openvswitch|ifb|macsec)\b/;

/** Columns of the statistics by the counters that they are; others have no name of their own. */
const COUNTERS: Readonly<Record<string, LinkCounter>> = {
  ...{
    'RX bytes': 'rx_bytes',
    'RX packets': 'rx_packets',
    'RX errors': 'rx_errors',
    'RX dropped': 'rx_dropped',
  },
  ...{
    'RX missed': 'rx_missed_errors',
    'RX overrun': 'rx_over_errors',
    'RX mcast': 'multicast',
    'RX length': 'rx_length_errors',
  },
  ...{ 'RX crc': 'rx_crc_errors', 'RX frame': 'rx_frame_errors', 'RX fifo': 'rx_fifo_errors' },
  ...{
    'TX bytes': 'tx_bytes',
    'TX packets': 'tx_packets',
    'TX errors': 'tx_errors',
    'TX dropped': 'tx_dropped',
  },
  ...{ 'TX carrier': 'tx_carrier_errors', 'TX collsns': 'collisions', 'TX aborted': 'tx_aborted_errors' },
  ...{ 'TX fifo': 'tx_fifo_errors', 'TX window': 'tx_window_errors', 'TX heartbeat': 'tx_heartbeat_errors' },
};

/** Reads the output, which may be JSON (-j); what is in no format is left out. */
export function parseIpLink(text: string): IpLink[] {
  if (/^\s*\[/.test(text)) return parseIpLinkJson(text);
  const links: { -readonly [K in keyof IpLink]: IpLink[K] }[] = [];
  let heading: readonly string[] = [];
  let lent = false;
  // With -o an interface is one line, in which backslashes stand for line breaks.
  for (const raw of text.split(/\r?\n|\\{1,2}(?= {2})/, 100_000)) {
    const line = raw.slice(0, 2_000);
    const head = /^(\d{1,9}):\s+([^\s:@]{1,32})(?:@([^\s:]{1,32}))?:\s+<([^>]*)>\s*(.*)$/.exec(line);
    if (head) {
      lent = false;
      const words = (head[5] ?? '').split(/\s+/);
      const after = (word: string) => {
        const at = words.indexOf(word);
        return at < 0 ? undefined : words[at + 1];
      };
      const number = (value: string | undefined) =>
        /^\d{1,9}$/.test(value ?? '') ? Number(value) : undefined;
      links.push({
        name: head[2] ?? '',
        index: Number(head[1]),
        flags: (head[4] ?? '').split(','),
        addresses: [],
        statistics: {},
        ...(head[3] ? { lower: head[3] } : {}),
        ...defined({ mtu: number(after('mtu')), queueLength: number(after('qlen')) }),
        ...defined({ qdisc: after('qdisc'), master: after('master'), state: after('state')?.toLowerCase() }),
      });
      continue;
    }
    const one = links.at(-1);
    if (!one) continue;
    // What follows is of a function that it lends out, with columns of its own.
    if (/^\s*vf \d/.test(line)) lent = true;
    if (lent) continue;
    // "RX: bytes packets errors …", and in the line below the numbers.
    const columns = /^\s*([RT]X(?: errors)?):\s+(.*)$/.exec(line);
    if (columns)
      heading = (columns[2] ?? '')
        .split(/\s+/)
        .map((word) => COUNTERS[`${columns[1]?.slice(0, 2)} ${word}`] ?? '');
    else if (heading.length > 0 && /^\s*\d[\d\s]*$/.test(line)) {
      for (const [at, value] of line.trim().split(/\s+/).entries())
        if (heading[at]) one.statistics = { ...one.statistics, [heading[at] as LinkCounter]: Number(value) };
      heading = [];
    } else details(one, line.trim());
  }
  return links;
}

function details(one: { -readonly [K in keyof IpLink]: IpLink[K] }, line: string): void {
  const link = /^link\/(\S{1,32})(?:\s+([0-9a-f:.]{2,60}))?/i.exec(line);
  const address = /^inet6?\s+(\S{1,64})/.exec(line)?.[1];
  if (link) {
    one.type ??= link[1] ?? '';
    if (link[2]) one.address ??= link[2].toLowerCase();
  } else if (address) one.addresses = [...one.addresses, address].slice(0, 1_000);
  const kind = KINDS.exec(line)?.[1];
  if (kind && !line.startsWith(`${kind}_`)) one.kind ??= kind;
  const vlan = /^vlan protocol 802\.1\w+ id (\d{1,4})\b/i.exec(line)?.[1];
  if (vlan) one.vlanId = Number(vlan);
}

function defined<T extends object>(parts: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
