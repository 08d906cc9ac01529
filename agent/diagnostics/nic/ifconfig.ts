/**
 * `ifconfig -a` as text, for captured machines: the form of net-tools 2 and the older one (net-tools' lib/interface.c); and the table of
 * `netstat -i`.
 */

import type { IpLink } from './ip-link.ts';
import type { LinkCounter } from './statistics.ts';

type Draft = { -readonly [K in keyof IpLink]: IpLink[K] };

/** Names of counters behind "RX" and "TX" by those of the kernel. */
const COUNTERS: Readonly<Record<string, LinkCounter>> = {
  ...{
    'RX packets': 'rx_packets',
    'RX bytes': 'rx_bytes',
    'RX errors': 'rx_errors',
    'RX dropped': 'rx_dropped',
  },
  ...{ 'RX overruns': 'rx_fifo_errors', 'RX frame': 'rx_frame_errors' },
  ...{
    'TX packets': 'tx_packets',
    'TX bytes': 'tx_bytes',
    'TX errors': 'tx_errors',
    'TX dropped': 'tx_dropped',
  },
  ...{ 'TX overruns': 'tx_fifo_errors', 'TX carrier': 'tx_carrier_errors', 'TX collisions': 'collisions' },
};
const KINDS: Readonly<Record<string, string>> = { 'local loopback': 'loopback', ethernet: 'ether' };

/** Reads the output; what is in no format is left out. */
export function parseIfconfig(text: string): IpLink[] {
  const found: Draft[] = [];
  let side = '';
  for (const raw of text.split(/\r?\n/, 100_000)) {
    const line = raw.slice(0, 500);
    // "eth0: flags=4163<UP,BROADCAST>  mtu 1500"; "eth0      Link encap:Ethernet  HWaddr 00:25:90:A1:B2:C3"
    const head =
      /^([^\s:]{1,32}(?::\d{1,4})?)(?:: flags=\d+<([^>]*)>|\s+Link encap:(\S+(?: Loopback)?))/.exec(line);
    if (head?.[1]) {
      // "eth0:1" is another address of eth0.
      found.push({
        name: head[1],
        flags: flagsOf(head[2] ?? ''),
        addresses: [],
        statistics: {},
        ...(head[3] ? { type: KINDS[head[3].toLowerCase()] ?? head[3].toLowerCase() } : {}),
      });
      side = '';
    }
    const one = found.at(-1);
    if (one) side = details(one, line, side);
  }
  return found.filter(({ name }) => !name.includes(':'));
}

/** What the kernel calls RUNNING there is a carrier. */
function flagsOf(words: string): string[] {
  const flags = words.split(/[,\s]+/).filter((word) => word !== '');
  return flags.includes('RUNNING') ? [...flags, 'LOWER_UP'] : flags;
}

/** Reads a line; gives the side, "RX" or "TX", that numbers in the lines below it belong to. */
function details(one: Draft, line: string, before: string): string {
  const mtu = /\bmtu[ :](\d{1,7})\b/i.exec(line)?.[1];
  if (mtu) one.mtu ??= Number(mtu);
  const queue = /\btxqueuelen[ :](\d{1,7})\b/.exec(line)?.[1];
  if (queue) one.queueLength ??= Number(queue);
  // "        device interrupt 20  memory 0xf7c00000-f7c20000", "          Interrupt:20 Memory:f7c00000-f7c20000"
  if (/^\s+(?:device (?:interrupt|memory)|Interrupt:\d|Memory:[0-9a-f])/.test(line)) one.hardware = true;
  const address = /^\s+(?:ether|infiniband) ([0-9a-f:]{17,60})|\bHWaddr ([0-9A-Fa-f:]{17,60})/.exec(line);
  if (address) one.address ??= (address[1] ?? address[2] ?? '').toLowerCase();
  const type = /^\s+(ether|loop|infiniband|unspec)\b/.exec(line)?.[1];
  if (type) one.type ??= type === 'loop' ? 'loopback' : type;
  const inet = /^\s+inet6?(?: addr:)? ?([0-9a-f.:]{3,45})/i.exec(line)?.[1];
  if (inet) one.addresses = [...one.addresses, inet].slice(0, 1_000);
  // "          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1"
  const old = /^\s+((?:[A-Z]+ )+)\s*MTU:/.exec(line)?.[1];
  if (old) one.flags = flagsOf(old);
  let side = before;
  for (const match of line.matchAll(/\b(RX|TX)\b|\b([a-z]{4,12})[ :](\d{1,20})/g)) {
    if (match[1]) side = match[1];
    // In the old form collisions stand in a line of their own.
    const counter = COUNTERS[`${match[2] === 'collisions' ? 'TX' : side} ${match[2]}`];
    if (match[2] && counter && one.statistics[counter] === undefined)
      one.statistics = { ...one.statistics, [counter]: Number(match[3]) };
  }
  return side;
}

/** Columns of `netstat -i` by the kernel's names. */
const COLUMNS: Readonly<Record<string, LinkCounter>> = {
  ...{ 'RX-OK': 'rx_packets', 'RX-ERR': 'rx_errors', 'RX-DRP': 'rx_dropped', 'RX-OVR': 'rx_fifo_errors' },
  ...{ 'TX-OK': 'tx_packets', 'TX-ERR': 'tx_errors', 'TX-DRP': 'tx_dropped', 'TX-OVR': 'tx_fifo_errors' },
};

/** Reads `netstat -i`; what is no row of its table is left out. */
export function parseNetstatInterfaces(text: string): IpLink[] {
  let columns: string[] = [];
  return text.split(/\r?\n/, 10_000).flatMap((row): IpLink[] => {
    const words = row.slice(0, 500).trim().split(/\s+/);
    if (words[0] === 'Iface') columns = words;
    if (words[0] === 'Iface' || columns.length === 0 || words.length < columns.length - 1) return [];
    const numbers = columns.flatMap((column, at) =>
      COLUMNS[column] && /^\d{1,19}$/.test(words[at] ?? '')
        ? [[COLUMNS[column], Number(words[at])] as const]
        : [],
    );
    const letters = words[columns.indexOf('Flg')] ?? '';
    return numbers.length === 0
      ? []
      : [
          {
            name: words[0] ?? '',
            flags: letters.includes('U') ? ['UP', ...(letters.includes('R') ? ['LOWER_UP'] : [])] : ['DOWN'],
            addresses: [],
            statistics: Object.fromEntries(numbers),
            ...(letters.includes('L') ? { type: 'loopback' } : {}),
          },
        ];
  });
}
