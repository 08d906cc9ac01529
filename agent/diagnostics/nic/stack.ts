/** The network stack above the interfaces: counters of IP, TCP and UDP, sockets, neighbour tables and routes, all from /proc. */

import type { Machine } from '../../host/machine.ts';
import { fact } from '../fact.ts';
import { required } from '../required.ts';
import { sysctl } from './softnet.ts';
import { toldCounters } from './stack-told.ts';

/** Counters by protocol and name: "Tcp RetransSegs", "TcpExt ListenOverflows". */
export type ProtocolCounters = ReadonlyMap<string, number>;

/** Reads /proc/net/snmp and /proc/net/netstat: pairs of lines, names and values. */
export function parseProtocolCounters(text: string): Map<string, number> {
  const found = new Map<string, number>();
  let names: string[] = [];
  let protocol = '';
  for (const line of text.split('\n', 1_000)) {
    const [head = '', ...words] = line.slice(0, 20_000).trim().split(/\s+/);
    if (!head.endsWith(':')) continue;
    if (head === protocol && names.length > 0) {
      for (const [at, name] of names.entries()) {
        const value = Number(words[at]);
        if (words[at] !== undefined && Number.isFinite(value))
          found.set(`${head.slice(0, -1)} ${name}`, value);
      }
      names = [];
    } else {
      names = words;
      protocol = head;
    }
  }
  return found;
}

/** Memory of TCP, in pages of 4 KiB. */
export interface TcpMemory {
  readonly pages: number;
  /** net.ipv4.tcp_mem: from the middle on it is under pressure, at the last it refuses. */
  readonly pressure: number;
  readonly limit: number;
  readonly orphans?: number;
  readonly maxOrphans?: number;
}

/** Reads /proc/net/sockstat and the limits. @throws Unavailable */
function readTcpMemory(machine: Machine): TcpMemory | undefined {
  const sockets = machine.text('proc/net/sockstat');
  const limits = machine.text('proc/sys/net/ipv4/tcp_mem')?.trim().split(/\s+/).map(Number) ?? [];
  const tcp = /^TCP: .*$/m.exec(sockets ?? '')?.[0] ?? '';
  const of = (word: string) => {
    const value = new RegExp(`\\b${word} (\\d{1,15})\\b`).exec(tcp)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const pages = of('mem');
  const [, pressure, limit] = limits;
  if (pages === undefined || !pressure || !limit) return undefined;
  const orphans = of('orphan');
  const maxOrphans = sysctl(machine, 'net.ipv4.tcp_max_orphans');
  return {
    ...{ pages, pressure, limit },
    ...(orphans === undefined ? {} : { orphans }),
    ...(maxOrphans === undefined ? {} : { maxOrphans }),
  };
}

/** A table of neighbours: ARP for IPv4, NDP for IPv6. */
export interface NeighbourTable {
  readonly family: 'IPv4' | 'IPv6';
  readonly entries: number;
  /** Where the kernel begins to refuse new ones. */
  readonly limit: number;
  /** How often it did refuse, since start. */
  readonly full?: number;
}

/**
 * Reads /proc/net/stat/arp_cache or ndisc_cache: hexadecimal, a line a processor. Entries are the table's in every line, the
 * other columns are the processor's own (net/core/neighbour.c).
 */
export function parseNeighbourTable(text: string): { entries: number; full: number } | undefined {
  const [head = '', ...rows] = text.trim().split('\n', 20_000);
  const names = head.trim().split(/\s+/);
  const at = { entries: names.indexOf('entries'), full: names.indexOf('table_fulls') };
  if (at.entries < 0) return undefined;
  let entries: number | undefined;
  let full = 0;
  for (const row of rows) {
    const values = row
      .trim()
      .split(/\s+/)
      .map((one) => Number.parseInt(one, 16));
    entries ??= values[at.entries];
    if (at.full >= 0) full += values[at.full] || 0;
  }
  return entries === undefined || Number.isNaN(entries) ? undefined : { entries, full };
}

function readTables(machine: Machine): NeighbourTable[] {
  const tables: NeighbourTable[] = [];
  for (const [family, file, folder] of [
    ['IPv4', 'arp_cache', 'ipv4'],
    ['IPv6', 'ndisc_cache', 'ipv6'],
  ] as const) {
    const limit = sysctl(machine, `net.${folder}.neigh.default.gc_thresh3`);
    const text = machine.text(`proc/net/stat/${file}`);
    const told = text === undefined ? undefined : parseNeighbourTable(text);
    if (limit !== undefined && limit > 0 && told) tables.push({ family, limit, ...told });
  }
  return tables;
}

/** Interfaces with a default route, by family, and those with any IPv4 route. */
export interface Routes {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
  readonly routed: readonly string[];
}

const RTF_UP = 0x1;
const RTF_REJECT = 0x200;

/** Reads /proc/net/route and /proc/net/ipv6_route. */
export function parseRoutes(route: string, route6: string): Routes {
  const routed = new Set<string>();
  const ipv4 = new Set<string>();
  const ipv6 = new Set<string>();
  for (const line of route.split('\n', 100_000)) {
    const [name = '', destination, , flags, , , , mask] = line.trim().split(/\s+/);
    // The heading has no address in its second column.
    if (!/^[0-9A-F]{8}$/i.test(destination ?? '') || !(Number.parseInt(flags ?? '', 16) & RTF_UP)) continue;
    routed.add(name);
    if (destination === '00000000' && mask === '00000000') ipv4.add(name);
  }
  for (const line of route6.split('\n', 100_000)) {
    const columns = line.trim().split(/\s+/);
    if (!/^0{32}$/.test(columns[0] ?? '') || columns[1] !== '00') continue;
    const flags = Number.parseInt(columns[8] ?? '', 16);
    // Without a router the table still has a default route: the one that refuses.
    if (flags & RTF_UP && !(flags & RTF_REJECT)) ipv6.add(columns[9] ?? '');
  }
  return { ipv4: [...ipv4], ipv6: [...ipv6], routed: [...routed] };
}

/** An IPv6 address of an interface. */
export interface Ipv6Address {
  readonly interface: string;
  /** 32 hexadecimal digits. */
  readonly address: string;
  readonly linkLocal: boolean;
  /** Another machine has it too: duplicate address detection said so. */
  readonly duplicate: boolean;
}

const IFA_F_DADFAILED = 0x08;
const SCOPE_LINK = 0x20;

/** Reads /proc/net/if_inet6. */
export function parseIpv6Addresses(text: string): Ipv6Address[] {
  const found: Ipv6Address[] = [];
  for (const line of text.split('\n', 100_000)) {
    const [address = '', , , scope = '', flags = '', name] = line.trim().split(/\s+/);
    if (!/^[0-9a-f]{32}$/.test(address) || name === undefined) continue;
    found.push({
      interface: name,
      address,
      linkLocal: Number.parseInt(scope, 16) === SCOPE_LINK,
      duplicate: (Number.parseInt(flags, 16) & IFA_F_DADFAILED) !== 0,
    });
  }
  return found;
}

/** The stack of this machine. */
export interface Stack {
  readonly counters: ProtocolCounters;
  readonly tcpMemory?: TcpMemory;
  readonly neighbourTables: readonly NeighbourTable[];
  /** Undefined where the tables of a captured machine are not there. */
  readonly routes?: Routes;
  readonly ipv6Addresses: readonly Ipv6Address[];
}

/** Counters and tables of the network stack. */
export const nicStack = fact({
  id: 'nic.stack',
  reads: [
    ...['/proc/net/snmp', '/proc/net/netstat', '/proc/net/sockstat', '/proc/sys/net/ipv4/tcp_mem'],
    ...['/proc/net/stat/arp_cache', '/proc/net/stat/ndisc_cache', '/proc/net/route', '/proc/net/ipv6_route'],
    ...['/proc/net/if_inet6', 'nstat and netstat -s, where they were saved'],
  ],
  limitMs: 3_000,
  read: ({ machine }): Stack => {
    const told = toldCounters(machine);
    const extended = machine.text('proc/net/netstat') ?? '';
    const some =
      told.size > 0 ||
      (!machine.live && (extended !== '' || machine.text('proc/net/sockstat') !== undefined));
    const snmp = some ? (machine.text('proc/net/snmp') ?? '') : required(machine, 'proc/net/snmp');
    const tcpMemory = readTcpMemory(machine);
    const [route, route6] = [machine.text('proc/net/route'), machine.text('proc/net/ipv6_route')];
    return {
      counters: new Map([...told, ...parseProtocolCounters(`${snmp}\n${extended}`)]),
      ...(tcpMemory ? { tcpMemory } : {}),
      neighbourTables: readTables(machine),
      ...(route === undefined && route6 === undefined && !machine.live
        ? {}
        : { routes: parseRoutes(route ?? '', route6 ?? '') }),
      ipv6Addresses: parseIpv6Addresses(machine.text('proc/net/if_inet6') ?? ''),
    };
  },
});
