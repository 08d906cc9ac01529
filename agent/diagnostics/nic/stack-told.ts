/**
 * Counters of the network stack as `nstat -a` and `netstat -s` print them, of captured machines of which /proc/net/snmp was not saved.
 * nstat has the kernel's names; netstat (net-tools, statistics.c) has sentences, of which those that a check asks for are known here.
 */

import type { Machine } from '../../host/machine.ts';

const MAX_ROWS = 20_000;
const PROTOCOLS = 'Icmp6|Icmp|IpExt|Ip6|Ip|TcpExt|Tcp|UdpLite6|UdpLite|Udp6|Udp|MPTcpExt';
/** "TcpRetransSegs                  1234               0.0", "node_netstat_Tcp_RetransSegs 1234" of the node exporter */
const NSTAT = new RegExp(
  `^(?:node_netstat_)?(${PROTOCOLS})_?([A-Z]\\w{1,40})\\s+(-?\\d{1,19}(?:\\.\\d{1,6}e\\+\\d\\d)?)(?:\\s+[\\d.]+)?\\s*$`,
);
/** '"TcpRetransSegs":1234' of `nstat --json`. */
const NSTAT_JSON = new RegExp(`"(${PROTOCOLS})([A-Z]\\w{1,40})": ?(\\d{1,19})`, 'g');
/** Names that netstat has no sentence for, and what section a row of them is of that somebody picked out. */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:TCP[A-Z]\w{2,40}|PFMemallocDrop|Listen(?:Drops|Overflows)|PruneCalled|RcvPruned|OfoPruned)$/,
    'TcpExt',
  ],
  [/^(?:Rcvbuf|Sndbuf|Mem)Errors$/, 'Udp'],
];
const SENTENCES: readonly (readonly [section: string, sentence: RegExp, name: string])[] = [
  ['Tcp', /^segments received$/, 'Tcp InSegs'],
  ['Tcp', /^segments sen[dt] out$/, 'Tcp OutSegs'],
  ['Tcp', /^segments retransmitt?ed$/, 'Tcp RetransSegs'],
  ['Udp', /^packets received$/, 'Udp InDatagrams'],
  ['Udp', /^packet receive errors$/, 'Udp InErrors'],
  ['Udp', /^receive buffer errors$/, 'Udp RcvbufErrors'],
  ['Udp', /^send buffer errors$/, 'Udp SndbufErrors'],
  ['Udp', /^packets sent$/, 'Udp OutDatagrams'],
  ['Ip', /^packet reassembl(?:y|ies|es) failed$/, 'Ip ReasmFails'],
  ['Ip', /^reassemblies required$/, 'Ip ReasmReqds'],
  ['TcpExt', /^packets pruned from receive queue because of socket buffer overrun$/, 'TcpExt PruneCalled'],
  ['TcpExt', /^packets pruned from receive queue$/, 'TcpExt RcvPruned'],
  [
    'TcpExt',
    /^packets dropped from out-of-order queue because of socket buffer overrun$/,
    'TcpExt OfoPruned',
  ],
  ['TcpExt', /^packets collapsed in receive queue due to low socket buffer$/, 'TcpExt TCPRcvCollapsed'],
  ['TcpExt', /^connections aborted due to memory pressure$/, 'TcpExt TCPAbortOnMemory'],
  ['TcpExt', /^times the listen queue of a socket overflowed$/, 'TcpExt ListenOverflows'],
  ['TcpExt', /^SYNs to LISTEN sockets (?:dropped|ignored)$/, 'TcpExt ListenDrops'],
];

/** Sentences that several sections have. */
const AMBIGUOUS = /^packets (?:received|sent)$/;

/** Counters by protocol and name, as parseProtocolCounters gives them; empty where nothing was saved. */
export function toldCounters(machine: Machine): Map<string, number> {
  const found = new Map<string, number>();
  if (machine.live) return found;
  let section = '';
  for (const { text } of ['nstat', 'netstat'].flatMap((program) => machine.saved?.(program) ?? [])) {
    if (/^\s*\{/.test(text))
      for (const [, protocol, name, value] of text.slice(0, 200_000).matchAll(NSTAT_JSON))
        found.set(`${protocol} ${name}`, Number(value));
    for (const row of text.split('\n', MAX_ROWS)) {
      const nstat = NSTAT.exec(row.slice(0, 300));
      if (nstat) found.set(`${nstat[1]} ${nstat[2]}`, Number(nstat[3]));
      section = /^([A-Z]\w{1,20}):\s*$/.exec(row)?.[1] ?? section;
      const [, count, words = ''] = /^\s*(\d{1,19}) (.{1,100}?)\s*$/.exec(row.slice(0, 300)) ?? [];
      // Lines that somebody picked out (`netstat -s | grep`) have no section above them.
      const sentence = SENTENCES.find(
        ([of, pattern]) =>
          (of === section || (section === '' && !AMBIGUOUS.test(words))) && pattern.test(words),
      );
      if (sentence) found.set(sentence[2], Number(count));
      const [, name, value] = /^\s*(\w{1,40}): (\d{1,19})\s*$/.exec(row.slice(0, 300)) ?? [];
      const of = section || NAMED.find(([pattern]) => pattern.test(name ?? ''))?.[1];
      if (name !== undefined && of !== undefined) found.set(`${of} ${name}`, Number(value));
      const low = /^\s*TCP ran low on memory (\d{1,19}) times?\s*$/.exec(row.slice(0, 300));
      if (low) found.set('TcpExt TCPMemoryPressures', Number(low[1]));
    }
  }
  return found;
}
