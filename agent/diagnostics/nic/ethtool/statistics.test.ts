/** Counters of drivers: names of every shape, values of 64 bits, groups and JSON. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unavailable } from '../../../host/unavailable.ts';
import { parseStatistics } from './statistics.ts';

const entries = (text: string) => [...parseStatistics(text)];

test('names with colons, dots, brackets and spaces, and padded ones', () => {
  assert.deepEqual(
    entries(`NIC statistics:
     rx_crc_errors: 17
     [0]: rx_ucast_packets: 276347403
     rxq0: rx_drops_no_frags: 2
     tx-0.tx_packets: 5
     rx_crc_errors.nic: 4
     Queue[0] InPackets: 9
     port.rx_bytes: 18446744073709551615
     TxFramesOK          : 3
     vport rx_unicast: 0x10
     negative: -1
`),
    [
      ['rx_crc_errors', 17],
      ['[0]: rx_ucast_packets', 276_347_403],
      ['rxq0: rx_drops_no_frags', 2],
      ['tx-0.tx_packets', 5],
      ['rx_crc_errors.nic', 4],
      ['Queue[0] InPackets', 9],
      ['port.rx_bytes', 2 ** 64],
      ['TxFramesOK', 3],
      ['vport rx_unicast', 16],
      ['negative', 2 ** 64],
    ],
  );
});

test('a name that comes twice hides nothing; thousands are no trouble', () => {
  assert.deepEqual(entries('NIC statistics:\n a: 1\n a: 2\n'), [
    ['a', 1],
    ['a (2)', 2],
  ]);
  const many = Array.from({ length: 20_000 }, (_, at) => `     rx_queue_${at}_drops: ${at}`).join('\n');
  assert.equal(parseStatistics(`NIC statistics:\n${many}\n`).get('rx_queue_19999_drops'), 19_999);
});

test('standard groups, as text and as JSON', () => {
  const text =
    'Standard stats for eth0:\neth-mac-FramesTransmittedOK: 2\nrmon-etherStatsUndersizePkts: 0\nrx-rmon-etherStatsPkts64to64Octets: 5\n';
  assert.equal(parseStatistics(text).get('eth-mac-FramesTransmittedOK'), 2);
  const json =
    '[ {"ifname":"eth0","eth-phy":{},"eth-mac":{"FrameCheckSequenceErrors":7},"rmon":{"rx-pktsNtoM":[{"low":0,"high":64,"val":5}]}} ]';
  assert.deepEqual(entries(json), [
    ['eth-mac-FrameCheckSequenceErrors', 7],
    ['rmon-rx-pktsNtoM-0to64', 5],
  ]);
});

test('no counters is no error where the driver has the form; a refusal is', () => {
  assert.deepEqual(entries('NIC statistics:\n'), []);
  for (const text of [
    'no stats available\n',
    'Cannot get stats strings information: Operation not supported\n',
  ])
    assert.throws(
      () => parseStatistics(text),
      (error) => error instanceof Unavailable && error.kind === 'absent',
    );
  assert.throws(
    () => parseStatistics('[{'),
    (error) => error instanceof Unavailable && error.kind === 'nonsense',
  );
});
