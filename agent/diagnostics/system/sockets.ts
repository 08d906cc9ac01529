/**
 * Tables of the network that fill up: connection tracking, and ports for outgoing connections. Of captured machines `conntrack -S`
 * (conntrack-tools) and `ss -s` (iproute2's misc/ss.c) tell the same where /proc was not saved.
 */

import { type Machine, number } from '../../host/machine.ts';
import { Unavailable } from '../../host/unavailable.ts';
import { fact } from '../fact.ts';
import { nothing, required } from '../required.ts';

/** Packets that connection tracking lost since boot, by the kernel's names. */
export interface TrackingLosses {
  /** Refused because no row could be had for them: the table was full. */
  readonly dropped: number;
  /** Connections that were forgotten before their time to make room. */
  readonly earlyDropped: number;
  /** Lost because another packet had made the same entry in the meantime. */
  readonly insertFailed: number;
}

const COLUMNS = { dropped: 'drop', earlyDropped: 'early_drop', insertFailed: 'insert_failed' } as const;

/** Sums over processors, each told as its values by column. */
function lossesOf(rows: readonly ReadonlyMap<string, number>[]): TrackingLosses | undefined {
  const known = rows.filter((row) => row.has(COLUMNS.dropped));
  if (known.length === 0) return undefined;
  const sum = (column: string) => known.reduce((total, row) => total + (row.get(column) ?? 0), 0);
  return {
    dropped: sum(COLUMNS.dropped),
    earlyDropped: sum(COLUMNS.earlyDropped),
    insertFailed: sum(COLUMNS.insertFailed),
  };
}

/** /proc/net/stat/nf_conntrack: a line a processor, columns in hexadecimal. */
function readTrackingStat(text: string): TrackingLosses | undefined {
  const [header = '', ...rows] = text.split('\n', 10_000);
  const names = header.trim().split(/\s+/);
  return lossesOf(
    rows
      .filter((row) => row.trim() !== '')
      .map((row) => {
        const values = row
          .trim()
          .split(/\s+/)
          .map((one) => Number.parseInt(one, 16) || 0);
        return new Map(names.map((name, at) => [name, values[at] ?? 0]));
      }),
  );
}

/** `conntrack -S`: "cpu=0  found=96 invalid=0 … insert_failed=0 drop=0 early_drop=0 …", in decimals. */
function parseTrackingSummary(text: string): TrackingLosses | undefined {
  return lossesOf(
    text
      .split('\n', 10_000)
      .filter((row) => /^\s*cpu=\d/.test(row))
      .map(
        (row) =>
          new Map(
            [...row.slice(0, 2_000).matchAll(/\b([a-z_]{2,20})=(\d{1,19})\b/g)].map(
              ([, name = '', value]) => [name, Number(value)] as const,
            ),
          ),
      ),
  );
}

/** What connection tracking lost. */
export const trackingLosses = fact({
  id: 'system.conntrack-losses',
  reads: ['/proc/net/stat/nf_conntrack', 'conntrack -S, on a captured machine'],
  limitMs: 1_000,
  read: ({ machine }): TrackingLosses => {
    const stat = machine.text('proc/net/stat/nf_conntrack');
    const told = stat === undefined ? undefined : readTrackingStat(stat);
    if (told) return told;
    const saved = machine.saved?.('conntrack -S') ?? [];
    const summary = parseTrackingSummary(saved.map(({ text }) => text).join('\n'));
    if (summary) return summary;
    if (saved.length > 0) throw new Unavailable('nonsense', 'what was saved of conntrack -S has no counters');
    throw nothing(machine, 'connection tracking');
  },
});

/** The table of tracked connections. */
export interface Conntrack {
  readonly entries: number;
  readonly limit: number;
}

/** Connection tracking. */
export const conntrack = fact({
  id: 'system.conntrack',
  reads: ['/proc/sys/net/netfilter/nf_conntrack_{count,max}'],
  limitMs: 1_000,
  read: ({ machine }): Conntrack => {
    const entries = number(machine, 'proc/sys/net/netfilter/nf_conntrack_count');
    const limit =
      number(machine, 'proc/sys/net/netfilter/nf_conntrack_max') ??
      number(machine, 'proc/sys/net/nf_conntrack_max');
    if (entries === undefined || limit === undefined || limit <= 0)
      throw nothing(machine, 'connection tracking');
    return { entries, limit };
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

/** The range that Linux has where nobody changed it (net/ipv4/af_inet.c, ip-sysctl.rst: 32768 to 60999). */
const USUAL_RANGE = 60_999 - 32_768 + 1;

/** `ss -s`: "TCP:   129 (estab 32, closed 79, orphaned 0, timewait 17)", where closed has those in TIME_WAIT among it; "timewait 4/0" before iproute2 5. */
function parseSocketSummary(text: string): Pick<Ports, 'inUse' | 'timeWait'> | undefined {
  const row = /^TCP:\s+(\d{1,12}) \(estab \d+, closed (\d{1,12}), .{0,80}\btimewait (\d{1,12})/m.exec(
    text.slice(0, 10_000),
  );
  return row ? { inUse: Math.max(0, Number(row[1]) - Number(row[2])), timeWait: Number(row[3]) } : undefined;
}

function socketsIn(machine: Machine): Pick<Ports, 'inUse' | 'timeWait'> {
  const told = machine.text('proc/net/sockstat');
  const saved = told === undefined ? (machine.saved?.('ss -s') ?? []) : [];
  const summary = parseSocketSummary(saved.map(({ text }) => text).join('\n'));
  if (summary) return summary;
  const text = told ?? required(machine, 'proc/net/sockstat');
  const of = (where: string, row: string, name: string) =>
    Number(new RegExp(`^${row}:.*\\b${name} (\\d{1,15})\\b`, 'm').exec(where.slice(0, 10_000))?.[1] ?? 0);
  const six = machine.text('proc/net/sockstat6') ?? '';
  return {
    inUse: of(text, 'TCP', 'inuse') + of(six, 'TCP6', 'inuse'),
    // Those of IPv6 are counted here too.
    timeWait: of(text, 'TCP', 'tw'),
  };
}

/** Sockets of TCP (of IPv4 and, as far as they are open, of IPv6). */
export const ports = fact({
  id: 'system.ports',
  reads: [
    ...['/proc/net/sockstat', '/proc/net/sockstat6', '/proc/sys/net/ipv4/ip_local_port_range'],
    'ss -s, on a captured machine',
  ],
  limitMs: 1_000,
  read: ({ machine }): Ports => {
    const sockets = socketsIn(machine);
    const [low = 0, high = 0] = (machine.text('proc/sys/net/ipv4/ip_local_port_range') ?? '')
      .trim()
      .split(/\s+/)
      .map(Number);
    if (!(high > low) && machine.live) throw nothing(machine, 'range of local ports');
    return { ...sockets, range: high > low ? high - low + 1 : USUAL_RANGE };
  },
});
