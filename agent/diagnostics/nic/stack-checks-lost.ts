/** Checks of what the network stack throws away for want of room: segments, fragments, datagrams, closed connections. */

import { type Check, check, NotApplicable } from '../check.ts';
import type { FindingDraft } from '../finding.ts';
import { figures, percent } from '../quantities.ts';
import { countOf, percentOf } from './counter-check.ts';
import { nicStack, type ProtocolCounters } from './stack.ts';

const SNMP = 'https://docs.kernel.org/networking/snmp_counter.html';

/** "RcvPruned 832, TCPBacklogDrop 1234": those that are not zero. */
function listed(counters: ProtocolCounters, names: readonly string[]): string {
  return names
    .map((name) => [name.split(' ')[1] ?? '', counters.get(name) ?? 0] as const)
    .filter(([, value]) => value > 0)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

function sum(counters: ProtocolCounters, names: readonly string[]): number {
  return names.reduce((all, name) => all + (counters.get(name) ?? 0), 0);
}

/** Segments that were thrown away. */
const LOST = ['TcpExt RcvPruned', 'TcpExt OfoPruned', 'TcpExt TCPBacklogDrop', 'TcpExt TCPRcvQDrop'];
/** How often room was made before it came to that. */
const TIGHT = ['TcpExt PruneCalled', 'TcpExt TCPRcvCollapsed'];

const receive = check({
  id: 'nic.tcp-receive-full',
  area: 'nic',
  title: 'TCP segments that found no room in their socket',
  about:
    'A program reads its connection too slowly, or its receive buffer is too small for what is under way. The kernel first makes room (PruneCalled, ' +
    'TCPRcvCollapsed), then throws segments away (RcvPruned, OfoPruned, TCPBacklogDrop), which have to be sent again. Judged by the share of all ' +
    'segments where that is told.',
  needs: { stack: nicStack },
  thresholds: {
    lost: countOf(500, 'hotsos: more than 500 of such drops since start'),
    lostShare: percentOf(0.01, 'chosen: one in ten thousand segments'),
    tight: countOf(1_000, 'chosen: the kernel lost nothing yet'),
    tightShare: percentOf(0.1, 'chosen: one in a thousand segments'),
  },
  links: [SNMP],
  evaluate: ({ stack: { counters } }, { lost, lostShare, tight, tightShare }) => {
    if (![...LOST, ...TIGHT].some((name) => counters.has(name)))
      return new NotApplicable('what found no room in its socket is not told');
    const received = counters.get('Tcp InSegs');
    const isMuch = (count: number, least: number, share: number) =>
      count > least && (received === undefined || percent(count, received) >= share);
    const [gone, squeezed] = [sum(counters, LOST), sum(counters, TIGHT)];
    const drops = isMuch(gone, lost, lostShare);
    if (!drops && !isMuch(squeezed, tight, tightShare)) return [];
    return [
      {
        severity: 'warning',
        certainty: received === undefined ? 'possible' : 'likely',
        title: drops
          ? 'TCP throws segments away because sockets have no room'
          : 'Sockets of TCP are short of room for what they receive',
        parameters: { lost: gone, squeezed },
        evidence: [
          `${listed(counters, [...LOST, ...TIGHT])} since start, of ${received === undefined ? 'how many segments is not told' : `${received} segments`}`,
        ],
        count: drops ? gone : squeezed,
        remedy: {
          text: 'ss -tm shows the sockets that are full; see why their programs do not read, or raise net.ipv4.tcp_rmem and net.core.rmem_max.',
          risk: 'restart',
        },
        explains: ['nic.tcp-retransmits'],
      },
    ];
  },
});

const synQueue = check({
  id: 'nic.tcp-syn-queue-full',
  area: 'nic',
  title: 'SYNs that were dropped because too many connections were half open',
  about:
    'Without SYN cookies a listening socket drops who is new while its queue of half-open connections is full: a flood of SYNs, a backlog that ' +
    'is too small, or answers that are lost.',
  needs: { stack: nicStack },
  thresholds: { ever: countOf(500, 'as for ListenOverflows (hotsos)') },
  links: [SNMP],
  evaluate: ({ stack: { counters } }, { ever }) => {
    const drops = counters.get('TcpExt TCPReqQFullDrop');
    if (drops === undefined) return new NotApplicable('TCPReqQFullDrop is not told');
    if (drops <= ever) return [];
    return [
      {
        severity: 'warning',
        certainty: 'likely',
        title: 'SYNs are dropped because too many connections are half open',
        parameters: { drops },
        evidence: [`TCPReqQFullDrop ${drops} since start`],
        count: drops,
        remedy: {
          text: 'Switch net.ipv4.tcp_syncookies on, or raise net.ipv4.tcp_max_syn_backlog and the program’s backlog.',
          risk: 'none',
        },
      },
    ];
  },
});

const timeWait = check({
  id: 'nic.tcp-time-wait-overflow',
  area: 'nic',
  title: 'Closed connections beyond what may be kept',
  about:
    'A closed connection is kept for a minute (TIME-WAIT), so that what still comes of it harms no new one. Beyond net.ipv4.tcp_max_tw_buckets it is ' +
    'forgotten at once.',
  needs: { stack: nicStack },
  thresholds: { ever: countOf(500, 'chosen: as for ListenOverflows') },
  links: [SNMP],
  evaluate: ({ stack: { counters } }, { ever }) => {
    const count = counters.get('TcpExt TCPTimeWaitOverflow');
    if (count === undefined) return new NotApplicable('TCPTimeWaitOverflow is not told');
    if (count <= ever) return [];
    return [
      {
        severity: 'warning',
        certainty: 'likely',
        title: 'TCP keeps more closed connections than it may',
        parameters: { count },
        evidence: [`TCPTimeWaitOverflow ${count} since start`],
        count,
        remedy: {
          text: 'Have programs keep their connections open, or raise net.ipv4.tcp_max_tw_buckets.',
          risk: 'none',
        },
      },
    ];
  },
});

const reassembly = check({
  id: 'nic.ip-reassembly-failures',
  area: 'nic',
  title: 'Fragments of packets that could not be put together',
  about:
    'A packet that is larger than a link takes comes in fragments. One that is lost loses them all: on the way, for want of net.ipv4.ipfrag_high_thresh, or ' +
    'because more than net.ipv4.ipfrag_time went by.',
  needs: { stack: nicStack },
  thresholds: {
    least: countOf(1_000, 'chosen: fewer say nothing'),
    share: percentOf(1, 'chosen: more than one in a hundred of the fragments'),
  },
  links: [SNMP],
  evaluate: ({ stack: { counters } }, { least, share }) => {
    const families = ['Ip', 'Ip6'].filter((family) => counters.has(`${family} ReasmFails`));
    if (families.length === 0) return new NotApplicable('ReasmFails is not told');
    return families.flatMap((family): FindingDraft[] => {
      const failed = counters.get(`${family} ReasmFails`) ?? 0;
      const asked = counters.get(`${family} ReasmReqds`);
      const part = asked === undefined ? undefined : percent(failed, asked);
      if (failed < least || (part !== undefined && part < share)) return [];
      return [
        {
          severity: 'warning',
          certainty: part === undefined ? 'possible' : 'likely',
          title: 'Packets that came in fragments are lost',
          subject: { kind: 'protocol', name: family === 'Ip' ? 'IPv4' : 'IPv6' },
          parameters: { failed, ...(part === undefined ? {} : { sharePercent: part }) },
          evidence: [
            `ReasmFails ${failed} since start, of ${asked === undefined ? 'how many fragments is not told' : `${asked} fragments (${figures(part ?? 0)} %)`}`,
          ],
          count: failed,
          remedy: {
            text: 'Make the MTU the same on the whole way (NFS over UDP and tunnels need it most); raise net.ipv4.ipfrag_high_thresh where memory ran out.',
            risk: 'none',
          },
        },
      ];
    });
  },
});

const datagrams = check({
  id: 'nic.udp-lost',
  area: 'nic',
  title: 'UDP datagrams that were lost in this machine, but for full receive buffers',
  about:
    'SndbufErrors: a program sends faster than its buffer empties. MemErrors: all UDP sockets together have no memory left (net.ipv4.udp_mem). InErrors, where ' +
    'nothing tells of full receive buffers: datagrams that came and were not delivered.',
  needs: { stack: nicStack },
  thresholds: {
    share: percentOf(1, 'as for RcvbufErrors (hotsos): more than 1 % of datagrams'),
    least: countOf(500, 'chosen, where it is not told of how many'),
    memory: countOf(10, 'chosen: each is a datagram that no socket had memory for'),
  },
  links: [SNMP],
  evaluate: ({ stack: { counters } }, { share, least, memory }) => {
    const kinds = ['SndbufErrors', 'MemErrors', 'InErrors'];
    if (!kinds.some((name) => counters.has(`Udp ${name}`)))
      return new NotApplicable('what UDP loses is not told');
    const isMuch = (count: number, all: number | undefined) =>
      all === undefined ? count >= least : count > 0 && percent(count, all + count) > share;
    const of = (name: string) => counters.get(`Udp ${name}`) ?? 0;
    const warn = (title: string, evidence: string, count: number, text: string): FindingDraft => ({
      severity: 'warning',
      certainty: 'likely',
      title,
      evidence: [`${evidence} since start`],
      count,
      remedy: { text, risk: 'none' },
    });
    const unexplained =
      counters.has('Udp RcvbufErrors') || counters.has('Udp InCsumErrors') ? 0 : of('InErrors');
    return [
      ...(isMuch(of('SndbufErrors'), counters.get('Udp OutDatagrams'))
        ? [
            warn(
              'UDP datagrams are lost before they are sent',
              `SndbufErrors ${of('SndbufErrors')}`,
              of('SndbufErrors'),
              'ss -uanm shows the socket; raise net.core.wmem_max, or see what holds the interface’s queue up.',
            ),
          ]
        : []),
      ...(of('MemErrors') >= memory
        ? [
            warn(
              'UDP has no memory left for what it receives',
              `MemErrors ${of('MemErrors')}`,
              of('MemErrors'),
              'ss -uanm shows the sockets that are full; see net.ipv4.udp_mem.',
            ),
          ]
        : []),
      ...(isMuch(unexplained, counters.get('Udp InDatagrams'))
        ? [
            warn(
              'UDP datagrams are lost where they arrive',
              `InErrors ${unexplained}`,
              unexplained,
              'nstat -az Udp* tells whether their buffers were full or their checksums wrong.',
            ),
          ]
        : []),
    ];
  },
});

/** Checks of this file. */
export const NIC_LOST_CHECKS: readonly Check[] = [receive, synQueue, timeWait, reassembly, datagrams];
