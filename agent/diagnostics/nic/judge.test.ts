/** How bad a count is where a capture does not tell among how many packets. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWords, judge, shareParameter } from './judge.ts';

const one = { name: 'eth0', kind: 'physical', up: true, promiscuous: false, lower: [], statistics: {} };
const common = { history: undefined, value: 412, of: 'rx_packets' } as const;

test('a count among an unknown number of packets is no share', () => {
  const judgement = judge({ ...common, one });
  assert.deepEqual(judgement, { bad: 412, packets: undefined, share: 0 });
  assert.equal(inWords(judgement), '412; among how many packets was not captured');
});

test('a count among known packets, or more than they are', () => {
  assert.equal(judge({ ...common, one: { ...one, statistics: { rx_packets: 41_200 } } })?.share, 1);
  const more = judge({ ...common, one: { ...one, statistics: { rx_packets: 40 } } });
  assert.ok(more);
  assert.equal(more.share, 100);
  assert.deepEqual(shareParameter(more), {});
  assert.equal(
    inWords(more),
    '412 since the interface appeared, more than the 40 packets that were counted well',
  );
});
