/**
 * Counters of the network stack as `nstat -a` and `netstat -s` print them, of captured machines of which /proc/net/snmp was not saved.
 * nstat has the kernel's names; netstat (net-tools, statistics.c) has sentences, of which those that a check asks for are known here.
 */

import type { Machine } from '../../host/machine.ts';

const MAX_ROWS = 20_000;
const PROTOCOLS = 'Icmp6|Icmp|IpExt|Ip6|Ip|TcpExt|Tcp|UdpLite6|UdpLite|Udp6|Udp|MPTcpExt';
/** "TcpRetransSegs                  1234               0.0" */
const NSTAT = new RegExp(`^(${PROTOCOLS})([A-Z]\\w{1,40})\\s+(-?\\d{1,19})\\s+[\\d.]+\\s*$`);
const SENTENCES: readonly (readonly [section: string, sentence: RegExp, name: string])[] = [
  ['Tcp', /^segments received$/, 'Tcp InSegs'],
  ['Tcp', /^segments sen[dt] out$/, 'Tcp OutSegs'],
  ['Tcp', /^segments retransmitt?ed$/, 'Tcp RetransSegs'],
  ['Udp', /^packets received$/, 'Udp InDatagrams'],
  ['Udp', /^packet receive errors$/, 'Udp InErrors'],
  ['Udp', /^receive buffer errors$/, 'Udp RcvbufErrors'],
  ['Udp', /^send buffer errors$/, 'Udp SndbufErrors'],
  ['TcpExt', /^times the listen queue of a socket overflowed$/, 'TcpExt ListenOverflows'],
  ['TcpExt', /^SYNs to LISTEN sockets (?:dropped|ignored)$/, 'TcpExt ListenDrops'],
];

/** Counters by protocol and name, as parseProtocolCounters gives them; empty where nothing was saved. */
export function toldCounters(machine: Machine): Map<string, number> {
  const found = new Map<string, number>();
  if (machine.live) return found;
  let section = '';
  for (const { text } of ['nstat', 'netstat'].flatMap((program) => machine.saved?.(program) ?? []))
    for (const row of text.split('\n', MAX_ROWS)) {
      const nstat = NSTAT.exec(row.slice(0, 300));
      if (nstat) found.set(`${nstat[1]} ${nstat[2]}`, Number(nstat[3]));
      section = /^([A-Z]\w{1,20}):\s*$/.exec(row)?.[1] ?? section;
      const [, count, words = ''] = /^\s*(\d{1,19}) (.{1,100}?)\s*$/.exec(row.slice(0, 300)) ?? [];
      // Lines that somebody picked out (`netstat -s | grep`) have no section above them.
      const sentence = SENTENCES.find(
        ([of, pattern]) =>
          (of === section || (section === '' && !/^packets received/.test(words))) && pattern.test(words),
      );
      if (sentence) found.set(sentence[2], Number(count));
      const [, name, value] = /^\s*(\w{1,40}): (\d{1,19})\s*$/.exec(row.slice(0, 300)) ?? [];
      if (name !== undefined && section !== '') found.set(`${section} ${name}`, Number(value));
    }
  return found;
}
