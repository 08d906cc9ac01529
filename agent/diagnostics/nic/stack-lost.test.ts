/** What the network stack throws away, row by row as somebody picked it out: nstat's names, netstat's sentences, the node exporter's. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const nstat = (name: string, value: number) => `${name.padEnd(32)}${String(value).padEnd(19)}0.0\n`;
const FULL = (received: number) =>
  `#kernel\n${nstat('TcpInSegs', received)}${nstat('TcpExtPruneCalled', 5_321)}${nstat('TcpExtRcvPruned', 832)}${nstat('TcpExtTCPBacklogDrop', 600)}`;
const RECEIVE = ['warning nic.tcp-receive-full'];
const LISTEN = ['warning nic.tcp-listen-overflows'];
const UDP = ['warning nic.udp-lost'];

for (const [name, sentence, much, few, expected] of [
  ['TcpExtTCPTimeWaitOverflow', 'TCPTimeWaitOverflow: #', 12_345, 12, ['warning nic.tcp-time-wait-overflow']],
  [
    'TcpExtPruneCalled',
    '# packets pruned from receive queue because of socket buffer overrun',
    5_321,
    53,
    RECEIVE,
  ],
  ['TcpExtRcvPruned', '# packets pruned from receive queue', 832, 3, RECEIVE],
  [
    'TcpExtOfoPruned',
    '# packets dropped from out-of-order queue because of socket buffer overrun',
    900,
    9,
    RECEIVE,
  ],
  [
    'TcpExtTCPRcvCollapsed',
    '# packets collapsed in receive queue due to low socket buffer',
    99_321,
    99,
    RECEIVE,
  ],
  ['TcpExtTCPBacklogDrop', 'TCPBacklogDrop: #', 1_234, 12, RECEIVE],
  ['TcpExtListenOverflows', '# times the listen queue of a socket overflowed', 4_321, 43, LISTEN],
  ['TcpExtListenDrops', '# SYNs to LISTEN sockets dropped', 4_321, 43, LISTEN],
  ['TcpExtTCPReqQFullDrop', 'TCPReqQFullDrop: #', 4_321, 43, ['warning nic.tcp-syn-queue-full']],
  [
    'TcpExtTCPAbortOnMemory',
    '# connections aborted due to memory pressure',
    21,
    1,
    ['warning nic.tcp-memory'],
  ],
  ['TcpExtTCPMemoryPressures', 'TCP ran low on memory # times', 21, 1, ['warning nic.tcp-memory']],
  ['IpReasmFails', '# packet reassemblies failed', 123_456, 12, ['warning nic.ip-reassembly-failures IPv4']],
  ['UdpRcvbufErrors', '# receive buffer errors', 123_456, 12, ['warning nic.udp-buffer-errors']],
  ['UdpSndbufErrors', '# send buffer errors', 123_456, 12, UDP],
  ['UdpMemErrors', 'MemErrors: #', 123_456, 1, UDP],
  ['UdpInErrors', '# packet receive errors', 123_456, 12, UDP],
] as const)
  test(`the stack: ${name}`, async () => {
    const exported = name.replace(/^(TcpExt|Tcp|Ip|Udp)/, 'node_netstat_$1_');
    for (const text of [
      (n: number) => nstat(name, n),
      (n: number) => `    ${sentence.replace('#', String(n))}\n`,
      (n: number) => `${exported} ${n}\n`,
      (n: number) => `{"kernel":{"${name}":${n}}}\n`,
    ]) {
      assert.deepEqual(await troubles(text(much)), expected, text(much));
      assert.deepEqual(await troubles(text(few)), [], text(few));
    }
  });

for (const [what, text, expected] of [
  ['of a few million segments', FULL(4_000_000), RECEIVE],
  ['of billions of segments', FULL(9_000_000_000), []],
  [
    'fragments, most of which failed',
    nstat('IpReasmReqds', 200_000) + nstat('IpReasmFails', 123_456),
    ['warning nic.ip-reassembly-failures IPv4'],
  ],
  ['fragments, few of which failed', nstat('IpReasmReqds', 200_000_000) + nstat('IpReasmFails', 123_456), []],
  [
    'receive errors that full buffers explain',
    nstat('UdpInDatagrams', 900_000_000) + nstat('UdpInErrors', 4_000) + nstat('UdpRcvbufErrors', 4_000),
    [],
  ],
  ['overflows beside drops', nstat('TcpExtListenOverflows', 3) + nstat('TcpExtListenDrops', 900), []],
] as const)
  test(`the stack: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
