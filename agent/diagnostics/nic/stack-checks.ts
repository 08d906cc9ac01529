/** Checks of the network stack above the interfaces: TCP, UDP, neighbours and routes. */

import { type Check, check, NotApplicable, Skipped } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { past } from '../past.ts';
import { figures, inBytes, inTime, percent } from '../quantities.ts';
import { countOf, percentOf } from './counter-check.ts';
import { nicInterfaces } from './interfaces.ts';
import { nicStack } from './stack.ts';

const HOUR_MS = 3_600_000;
const PAGE = 4_096;
const SYSCTL = 'https://docs.kernel.org/networking/ip-sysctl.html';

/** Why there is nothing to judge where a capture lacks a counter; undefined where it has it, or the past does. */
function untold(counters: ReadonlyMap<string, number>, name: string, growth?: object): Skipped | undefined {
  return counters.has(name) || growth ? undefined : new Skipped(`${name} was not captured`);
}

const retransmits = check({
  id: 'nic.tcp-retransmits',
  area: 'nic',
  title: 'TCP segments that had to be sent again',
  about:
    'TCP sends a segment again when nobody acknowledged it: packets are lost somewhere between the two machines, or the other one ' +
    'is too slow. A share of all segments, of the last hour where the agent’s history has it.',
  needs: { stack: nicStack },
  wants: { past },
  thresholds: {
    warn: percentOf(1, 'hotsos: retransmissions above 1 % of segments sent'),
    critical: percentOf(10, 'chosen: ten times that'),
    least: countOf(10_000, 'chosen: segments from which on a share says something'),
  },
  evaluate: ({ stack: { counters }, past: history }, { warn, critical, least }) => {
    const out = history?.growth('nic//tcp_segments_out', HOUR_MS);
    const again = history?.growth('nic//tcp_retransmits', HOUR_MS);
    const recent =
      out && again && out.overMs >= 240_000 && out.delta >= least
        ? { sent: out.delta, again: again.delta, overMs: out.overMs }
        : undefined;
    const reason = untold(counters, 'Tcp RetransSegs', recent) ?? untold(counters, 'Tcp OutSegs', recent);
    if (reason) return reason;
    const sent = recent?.sent ?? counters.get('Tcp OutSegs') ?? 0;
    const repeated = recent?.again ?? counters.get('Tcp RetransSegs') ?? 0;
    const share = percent(repeated, sent);
    if (sent < least || share <= warn) return [];
    return [
      {
        severity: recent && share >= critical ? 'critical' : 'warning',
        certainty: recent ? 'certain' : 'likely',
        title: 'TCP sends many segments again',
        parameters: { sharePercent: share, retransmits: repeated, segments: sent },
        evidence: [
          `${repeated} of ${sent} segments (${share} %) ${recent ? `in ${inTime(recent.overMs)}` : 'since start'} (RetransSegs in /proc/net/snmp)`,
        ],
        remedy: {
          text: 'ss -ti shows with which machines; look for errors and drops on the way, and for a path with a smaller MTU.',
          risk: 'none',
        },
      },
    ];
  },
});

const memory = check({
  id: 'nic.tcp-memory',
  area: 'nic',
  title: 'Memory of TCP near its limit',
  about:
    'All sockets together may take net.ipv4.tcp_mem pages. At the last of the three numbers the kernel drops segments of every ' +
    'connection. Most often programs do not read what they were sent.',
  needs: { stack: nicStack },
  thresholds: {
    warn: percentOf(85, 'hotsos: TCP memory above 85 %'),
    critical: percentOf(100, 'hotsos: all TCP memory pages exhausted'),
    abortedLeast: countOf(
      10,
      'chosen, where the memory in use is not told: each is a connection that was lost',
    ),
  },
  links: [SYSCTL],
  evaluate: ({ stack: { tcpMemory, counters } }, { warn, critical, abortedLeast }) => {
    // What it counts where a socket was closed for want of memory, or as one orphan too many (net/ipv4/tcp_timer.c).
    const aborted = counters.get('TcpExt TCPAbortOnMemory') ?? 0;
    // How often the memory of all sockets reached the middle of the three numbers.
    const low = counters.get('TcpExt TCPMemoryPressures') ?? 0;
    if (!tcpMemory && Math.max(aborted, low) >= abortedLeast)
      return [
        {
          severity: 'warning',
          certainty: 'likely',
          title:
            aborted >= abortedLeast
              ? 'TCP closed connections for want of memory'
              : 'TCP ran low on memory again and again',
          parameters: { aborted, pressures: low },
          evidence: [
            ...(aborted > 0 ? [`TCPAbortOnMemory ${aborted} since start`] : []),
            ...(low > 0 ? [`TCPMemoryPressures ${low} since start`] : []),
          ],
          remedy: {
            text: 'ss -tm shows the sockets with full buffers; see net.ipv4.tcp_mem and net.ipv4.tcp_max_orphans.',
            risk: 'none',
          },
        },
      ];
    if (!tcpMemory) return new NotApplicable('the kernel does not tell the memory of TCP');
    const { pages, pressure, limit } = tcpMemory;
    const share = percent(pages, limit);
    if (share < warn) return [];
    return [
      {
        severity: share >= critical ? 'critical' : 'warning',
        title: share >= critical ? 'TCP has no memory left' : 'TCP has little memory left',
        parameters: { sharePercent: share, bytes: pages * PAGE, limitBytes: limit * PAGE },
        evidence: [
          `${inBytes(pages * PAGE)} of ${inBytes(limit * PAGE)} in use (${share} %), under pressure from ${inBytes(pressure * PAGE)} on`,
        ],
        remedy: {
          text: 'ss -tm shows the sockets with full buffers; restart the program that does not read, or raise net.ipv4.tcp_mem.',
          risk: 'restart',
        },
        explains: ['nic.tcp-retransmits', 'nic.tcp-listen-overflows'],
      },
    ];
  },
});

const orphans = check({
  id: 'nic.tcp-orphans',
  area: 'nic',
  title: 'TCP sockets that no program holds any more',
  about:
    'Connections that a program closed and the other side did not. Beyond net.ipv4.tcp_max_orphans the kernel resets them at once.',
  needs: { stack: nicStack },
  thresholds: {
    warn: percentOf(25, 'netdata tcp_orphans: warning at 25 %, since a socket may count four times'),
    critical: percentOf(50, 'netdata tcp_orphans: critical at 50 %'),
  },
  links: [SYSCTL],
  evaluate: ({ stack: { tcpMemory } }, { warn, critical }) => {
    if (tcpMemory?.orphans === undefined || !tcpMemory.maxOrphans)
      return new NotApplicable('the kernel does not tell of orphaned sockets');
    const share = percent(tcpMemory.orphans, tcpMemory.maxOrphans);
    if (share < warn) return [];
    return [
      {
        severity: share >= critical ? 'critical' : 'warning',
        title: 'Many TCP sockets belong to no program any more',
        parameters: { sharePercent: share, orphans: tcpMemory.orphans },
        evidence: [`${tcpMemory.orphans} of ${tcpMemory.maxOrphans} (net.ipv4.tcp_max_orphans)`],
        remedy: {
          text: 'Find the peers that do not close their side: ss -t state fin-wait-1 state fin-wait-2 state last-ack.',
          risk: 'none',
        },
      },
    ];
  },
});

const listen = check({
  id: 'nic.tcp-listen-overflows',
  area: 'nic',
  title: 'Connections that were refused because a program did not accept them',
  about:
    'A listening socket keeps connections that were made until its program accepts them. When its queue is full new ones are dropped, and clients wait and try again.',
  needs: { stack: nicStack },
  wants: { past },
  thresholds: {
    perHour: {
      value: 60,
      unit: '1/h',
      source: 'netdata 1m_tcp_accept_queue_overflows: more than 1 in a minute',
    },
    ever: countOf(500, 'hotsos, where there is no history: more than 500 ListenOverflows since start'),
  },
  links: [SYSCTL],
  evaluate: ({ stack: { counters }, past: history }, { perHour, ever }) => {
    const hour = history?.growth('nic//tcp_listen_overflows', HOUR_MS);
    const known = counters.get('TcpExt ListenOverflows');
    // What a full queue dropped is among it; it stands for that where the other was not saved.
    const drops = known === undefined ? counters.get('TcpExt ListenDrops') : undefined;
    const reason = drops === undefined ? untold(counters, 'TcpExt ListenOverflows', hour) : undefined;
    if (reason) return reason;
    const total = known ?? drops ?? 0;
    const rate = hour && hour.overMs >= 240_000 ? (hour.delta * HOUR_MS) / hour.overMs : undefined;
    if (rate === undefined ? total <= ever : rate <= perHour) return [];
    return [
      {
        severity: 'warning',
        certainty: rate === undefined ? 'likely' : 'certain',
        title:
          drops === undefined
            ? 'Connections are dropped because a program does not accept them'
            : 'Listening sockets drop connections',
        parameters: { total, ...(rate === undefined ? {} : { perHour: Math.round(rate) }) },
        evidence: [
          `${drops === undefined ? 'ListenOverflows' : 'ListenDrops'} ${total} since start${hour ? `, ${hour.delta} in ${inTime(hour.overMs)}` : ''}`,
        ],
        count: total,
        remedy: {
          text: 'ss -lt shows the socket whose Recv-Q is full; its program is overloaded, or its backlog and net.core.somaxconn are too small.',
          risk: 'restart',
        },
      },
    ];
  },
});

const udp = check({
  id: 'nic.udp-buffer-errors',
  area: 'nic',
  title: 'UDP packets dropped because a socket’s buffer was full',
  about:
    'A program reads its UDP socket too slowly. DNS servers, syslog and StatsD receivers lose packets this way without a word.',
  needs: { stack: nicStack },
  wants: { past },
  thresholds: {
    perHour: {
      value: 600,
      unit: '1/h',
      source: 'netdata 1m_ipv4_udp_receive_buffer_errors: more than 10 in a minute',
    },
    share: percentOf(1, 'hotsos, where there is no history: more than 1 % of datagrams'),
    least: countOf(500, 'chosen, where it is not told of how many'),
  },
  links: [SYSCTL],
  evaluate: ({ stack: { counters }, past: history }, { perHour, share, least }) => {
    const reason = untold(
      counters,
      'Udp RcvbufErrors',
      history?.growth('nic//udp_receive_buffer_errors', HOUR_MS),
    );
    if (reason) return reason;
    const total = counters.get('Udp RcvbufErrors') ?? 0;
    const told = counters.get('Udp InDatagrams');
    const received = told ?? 0;
    const hour = history?.growth('nic//udp_receive_buffer_errors', HOUR_MS);
    const rate = hour && hour.overMs >= 240_000 ? (hour.delta * HOUR_MS) / hour.overMs : undefined;
    const few = told === undefined ? total < least : percent(total, received + total) <= share;
    if (total === 0 || (rate === undefined ? few : rate <= perHour)) return [];
    return [
      {
        severity: 'warning',
        certainty: rate === undefined ? 'likely' : 'certain',
        title: 'UDP packets are dropped because a program reads too slowly',
        parameters: {
          total,
          ...(told === undefined ? {} : { sharePercent: percent(total, received + total) }),
        },
        evidence: [
          `RcvbufErrors ${total}, ${told === undefined ? 'of how many is not told' : `InDatagrams ${received}`}${hour ? `; ${hour.delta} in ${inTime(hour.overMs)}` : ''}`,
        ],
        count: total,
        remedy: {
          text: 'ss -uanm shows the socket (d in skmem); give its program a larger buffer (net.core.rmem_max) or more time.',
          risk: 'restart',
        },
      },
    ];
  },
});

const checksum = check({
  id: 'nic.tcp-checksum-errors',
  area: 'nic',
  title: 'TCP segments with a wrong checksum',
  about: 'Damaged inside of a machine or switch on the way, since the frames’ own checksums were right.',
  needs: { stack: nicStack },
  thresholds: {
    warn: percentOf(1, 'hotsos: InCsumErrors above 1 % of segments'),
    least: countOf(500, 'hotsos: more than 500 InCsumErrors'),
  },
  evaluate: ({ stack: { counters } }, { warn, least }) => {
    const reason = untold(counters, 'Tcp InCsumErrors');
    if (reason) return reason;
    const errors = counters.get('Tcp InCsumErrors') ?? 0;
    const share = percent(errors, counters.get('Tcp InSegs') ?? 0);
    if (errors <= least) return [];
    return [
      {
        severity: share > warn ? 'warning' : 'info',
        title: 'TCP segments arrive with a wrong checksum',
        parameters: { count: errors, sharePercent: share },
        evidence: [`InCsumErrors ${errors} of ${counters.get('Tcp InSegs') ?? 0} segments (/proc/net/snmp)`],
        count: errors,
        remedy: {
          text: 'Look at nic.crc-errors and nic.checksum-errors of the interfaces; capture to find who sends them.',
          risk: 'none',
        },
        explains: ['nic.tcp-retransmits'],
      },
    ];
  },
});

const neighbours = check({
  id: 'nic.neighbour-table',
  area: 'nic',
  title: 'Neighbour tables that are nearly full',
  about:
    'For every machine on the same segment that is talked to the kernel keeps an entry (ARP, NDP). At gc_thresh3 it refuses new ' +
    'ones ("neighbour: arp_cache: neighbor table overflow!"), and connections to new neighbours fail.',
  needs: { stack: nicStack },
  thresholds: {
    warn: percentOf(
      80,
      'chosen: the kernel clears up from gc_thresh2, half of gc_thresh3 by default, and did not get far',
    ),
    critical: percentOf(95, 'chosen: nearly full'),
  },
  links: [SYSCTL],
  evaluate: ({ stack: { neighbourTables } }, { warn, critical }) => {
    if (neighbourTables.length === 0)
      return new NotApplicable('the kernel does not tell of its neighbour tables');
    return neighbourTables.flatMap(({ family, entries, limit, full = 0 }): FindingDraft[] => {
      const share = percent(entries, limit);
      if (share < warn && full === 0) return [];
      const knob = `net.${family.toLowerCase()}.neigh.default.gc_thresh3`;
      return [
        {
          severity: share >= critical ? 'critical' : share >= warn ? 'warning' : 'info',
          title: share >= warn ? 'A neighbour table is nearly full' : 'A neighbour table was full before',
          subject: { kind: 'neighbour-table', name: family },
          parameters: { entries, limit, sharePercent: share, refused: full },
          evidence: [
            `${family}: ${entries} of ${limit} entries (${figures(share)} %)${full > 0 ? `, ${full} times refused since start` : ''}`,
          ],
          ...(full > 0 ? { count: full } : {}),
          remedy: {
            text: `Raise ${knob} and gc_thresh2 with it, or make the segment smaller.`,
            risk: 'none',
          },
          explains: ['kernel-log.neighbour-overflow', 'nic.tcp-retransmits'],
        },
      ];
    });
  },
});

const routes = check({
  id: 'nic.no-default-route',
  area: 'nic',
  title: 'A machine without a default route',
  about:
    'The machine can reach its own networks only. That may be meant, in a network without a way out; else a link, DHCP or a route’s configuration failed.',
  needs: { stack: nicStack, interfaces: nicInterfaces },
  evaluate: ({ stack: { routes: found }, interfaces }) => {
    if (!found) return new NotApplicable('the tables of routes were not captured');
    if (found.ipv4.length > 0 || found.ipv6.length > 0) return [];
    const devices = interfaces.filter(({ kind, up }) => kind === 'physical' && up);
    if (devices.length === 0) return new NotApplicable('no network device is switched on');
    return [
      {
        severity: 'info',
        title: 'The machine has no default route',
        evidence: [
          `no default route in /proc/net/route and ipv6_route; ${devices.length} network devices are on`,
        ],
        remedy: {
          text: 'Where it should have one, see nodectl logs systemd-networkd, or of NetworkManager.',
          risk: 'none',
        },
      },
    ];
  },
});

/** Checks of this file. */
export const NIC_STACK_CHECKS: readonly Check[] = [
  retransmits,
  memory,
  orphans,
  listen,
  udp,
  checksum,
  neighbours,
  routes,
];
