import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repeatOf } from './repeated-outputs.ts';

const STATISTICS = (crc: number) => `NIC statistics:\n     rx_packets: 1000\n     rx_crc_errors: ${crc}\n`;

test('the same output later takes the place of the earlier one, and tells whether its counters grew', () => {
  assert.deepEqual(repeatOf(STATISTICS(1), STATISTICS(9)), {
    text: STATISTICS(9),
    replaced: true,
    grown: true,
  });
  assert.equal(repeatOf(STATISTICS(9), STATISTICS(1)).grown, false);
  assert.equal(repeatOf(STATISTICS(9), STATISTICS(9)).replaced, false);
});

test('pieces that share no line are one output', () => {
  const [drops, errors] = ['     rx_dropped: 4\n', '     rx_errors: 5\n     tx_errors: 0\n'];
  assert.deepEqual(repeatOf(drops, errors), { text: `${drops}${errors}`, replaced: false, grown: false });
});
