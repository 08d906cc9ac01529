import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffDelay } from './backoff.ts';

test('waits double up to the longest, half of each left to chance', () => {
  const bounds = { firstMs: 200, longestMs: 10_000 };
  const waits = (random: number) => [1, 2, 3, 6, 7, 1_000].map((at) => backoffDelay(bounds, at, random));
  assert.deepEqual(waits(0), [100, 200, 400, 3_200, 5_000, 5_000]);
  assert.deepEqual(waits(0.5), [150, 300, 600, 4_800, 7_500, 7_500]);
});
