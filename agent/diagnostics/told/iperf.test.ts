/** What iperf3 measured, as people save it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

const HEAD =
  'Connecting to host 192.0.2.2, port 5201\n[  5] local 192.0.2.1 port 60920 connected to 192.0.2.2 port 5201\n';
const JSON_OF = (end: object, error?: string) =>
  `${JSON.stringify({ start: { connected: [], connecting_to: { host: '192.0.2.2', port: 5201 } }, intervals: [], end, ...(error === undefined ? {} : { error }) }, undefined, 1)}\n`;

for (const [what, text, expected] of [
  [
    'a transfer that stands still',
    `${HEAD}[  5]   0.00-10.00  sec  84.8 KBytes  69.5 Kbits/sec    0             sender\n[  5]   0.00-10.04  sec  0.00 Bytes  0.00 bits/sec                  receiver\n`,
    ['warning nic.probe 192.0.2.2'],
  ],
  [
    'many segments sent again',
    `${HEAD}[ ID] Interval           Transfer     Bitrate         Retr\n[  5]   0.00-10.00  sec   112 MBytes  94.0 Mbits/sec  4120             sender\n[  5]   0.00-10.04  sec   111 MBytes  93.1 Mbits/sec                  receiver\n`,
    ['warning nic.probe 192.0.2.2'],
  ],
  [
    'UDP that is lost',
    `${HEAD}[ ID] Interval           Transfer     Bitrate         Jitter    Lost/Total Datagrams\n[  5]   0.00-10.00  sec  1.25 MBytes  1.05 Mbits/sec  0.031 ms  212/906 (23%)  receiver\n`,
    ['warning nic.probe 192.0.2.2'],
  ],
  [
    'a server that is not reached',
    'iperf3: error - unable to connect to server: No route to host\n',
    ['warning nic.probe'],
  ],
  [
    'one that is used',
    'iperf3: error - the server is busy running a test. try again later\n',
    ['info nic.probe'],
  ],
  [
    'a good link, a few segments sent again',
    `${HEAD}[ ID] Interval           Transfer     Bitrate         Retr  Cwnd\n[  5]   0.00-1.00   sec   112 MBytes   938 Mbits/sec    2   1.41 MBytes\n[  5]   1.00-2.00   sec   0.00 Bytes  0.00 bits/sec    0   1.41 MBytes\n- - - - - - - - -\n[ ID] Interval           Transfer     Bitrate         Retr\n[  5]   0.00-10.00  sec  1.09 GBytes   938 Mbits/sec   12             sender\n[  5]   0.00-10.04  sec  1.09 GBytes   935 Mbits/sec                  receiver\n`,
    [],
  ],
  [
    'UDP of which some is lost',
    '[  5]   0.00-10.00  sec  1.25 MBytes  1.05 Mbits/sec  0.031 ms  2/906 (0.22%)  receiver\n',
    [],
  ],
  [
    'JSON with many segments sent again',
    JSON_OF({ sum_sent: { bytes: 117_440_512, retransmits: 4_120 }, sum_received: { bytes: 116_391_936 } }),
    ['warning nic.probe 192.0.2.2'],
  ],
  [
    'JSON of a good link',
    JSON_OF({ sum_sent: { bytes: 1_170_405_120, retransmits: 12 }, sum_received: { bytes: 1_169_356_544 } }),
    [],
  ],
  [
    'JSON of a failure',
    JSON_OF({}, 'unable to connect to server: Connection refused'),
    ['warning nic.probe 192.0.2.2'],
  ],
] as const)
  test(`What iperf3 measured is judged: ${what}`, async () => {
    assert.deepEqual(await troubles(text), expected);
  });
