import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Meter } from './meter.ts';

test('a rate is that of the last seconds, and gives the time left', () => {
  let now = 0;
  const meter = new Meter(() => now);
  meter.add(0);
  assert.equal(meter.perSecond, undefined);
  assert.equal(meter.leftMs(100), undefined);
  for (let second = 1; second <= 20; second++) {
    now = second * 1_000;
    meter.add(second <= 10 ? second : 10 + (second - 10) * 100);
  }
  assert.equal(meter.perSecond, 100);
  assert.equal(meter.leftMs(2_010), 10_000);
  assert.equal(meter.leftMs(1_010), undefined);
});

test('what stands still has no time left, and what falls begins anew', () => {
  let now = 0;
  const meter = new Meter(() => now);
  meter.add(50);
  now = 1_000;
  meter.add(50);
  assert.equal(meter.perSecond, 0);
  assert.equal(meter.leftMs(100), undefined);
  now = 2_000;
  meter.add(10);
  now = 3_000;
  meter.add(20);
  assert.equal(meter.perSecond, 10);
});
