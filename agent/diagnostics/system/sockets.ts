/** Tables of the network that fill up: connection tracking, and ports for outgoing connections. */

import { number } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { nothing, required } from '../required.ts';

/** The table of tracked connections. */
export interface Conntrack {
  readonly entries: number;
  readonly limit: number;
  /** Refused since boot for a full table; undefined where it is not told. */
  readonly dropped: number | undefined;
}

/** /proc/net/stat/nf_conntrack: a line a processor, columns in hexadecimal. Sums the column "drop". */
function droppedOf(text: string | undefined): number | undefined {
  const [header = '', ...rows] = text?.split('\n', 10_000) ?? [];
  const column = header.trim().split(/\s+/).indexOf('drop');
  if (column < 0) return undefined;
  return rows.reduce((sum, row) => {
    const value = Number.parseInt(row.trim().split(/\s+/)[column] ?? '', 16);
    return sum + (Number.isFinite(value) ? value : 0);
  }, 0);
}

/** Connection tracking. */
export const conntrack = fact({
  id: 'system.conntrack',
  reads: ['/proc/sys/net/netfilter/nf_conntrack_{count,max}', '/proc/net/stat/nf_conntrack'],
  limitMs: 1_000,
  read: ({ machine }): Conntrack => {
    const entries = number(machine, 'proc/sys/net/netfilter/nf_conntrack_count');
    const limit =
      number(machine, 'proc/sys/net/netfilter/nf_conntrack_max') ??
      number(machine, 'proc/sys/net/nf_conntrack_max');
    if (entries === undefined || limit === undefined || limit <= 0)
      throw nothing(machine, 'connection tracking');
    return { entries, limit, dropped: droppedOf(machine.text('proc/net/stat/nf_conntrack')) };
  },
});

/** TCP sockets and the ports that outgoing connections get. */
export interface Ports {
  /** Sockets that are open, and those that wait for late packets after their end. */
  readonly inUse: number;
  readonly timeWait: number;
  /** Ports that outgoing connections choose from. */
  readonly range: number;
}

/** Sockets of TCP (of IPv4 and, as far as they are open, of IPv6). */
export const ports = fact({
  id: 'system.ports',
  reads: ['/proc/net/sockstat', '/proc/net/sockstat6', '/proc/sys/net/ipv4/ip_local_port_range'],
  limitMs: 1_000,
  read: ({ machine }): Ports => {
    const text = required(machine, 'proc/net/sockstat');
    const of = (where: string, row: string, name: string) =>
      Number(new RegExp(`^${row}:.*\\b${name} (\\d{1,15})\\b`, 'm').exec(where.slice(0, 10_000))?.[1] ?? 0);
    const [low = 0, high = 0] = (machine.text('proc/sys/net/ipv4/ip_local_port_range') ?? '')
      .trim()
      .split(/\s+/)
      .map(Number);
    if (!(high > low)) throw nothing(machine, 'range of local ports');
    const six = machine.text('proc/net/sockstat6') ?? '';
    return {
      inUse: of(text, 'TCP', 'inuse') + of(six, 'TCP6', 'inuse'),
      // Those of IPv6 are counted here too.
      timeWait: of(text, 'TCP', 'tw'),
      range: high - low + 1,
    };
  },
});
