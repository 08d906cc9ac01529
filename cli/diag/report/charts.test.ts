import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds, number, symmetricLog } from './scale.ts';
import { ratesOf, sparkline, summed } from './sparkline.ts';

test('the scale is symmetric, rising, and within its bounds', () => {
  for (const most of [0.01, 3, 50, 300, 90_000, 4e12]) {
    const { at, ticks } = symmetricLog(most, 100, 900);
    const close = (value: number, wanted: number) => assert.ok(Math.abs(value - wanted) < 1e-6);
    close(at(0), 500);
    close(at(most) - 500, 500 - at(-most));
    const places = [-most, ...ticks.filter((tick) => Math.abs(tick) < most), most].map(at);
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.ok(at(most) <= 900 && at(-most) >= 100);
    assert.ok(ticks.length <= 21);
    for (const tick of ticks) assert.ok(at(tick) >= 100 && at(tick) <= 900, `${tick}`);
  }
});

test('durations and numbers are short', () => {
  assert.deepEqual([0, 0.0123, -0.5, 3.1234, 50, -302.4, 12_345, 600_000].map(milliseconds), [
    '0',
    '12.3 µs',
    '-500 µs',
    '3.1 ms',
    '50 ms',
    '-302 ms',
    '12.3 s',
    '10 min',
  ]);
  assert.deepEqual([0.123, 45.67, 678.9, 12_345.6, 7].map(number), ['0.12', '45.7', '679', '12,346', '7']);
});

test('a counter’s rate per second, where a fall is a beginning anew', () => {
  const points = [
    [0, 10],
    [1_000, 30],
    [3_000, 90],
    [4_000, 5],
    [5_000, 6],
  ].map(([at = 0, value = 0]) => ({ at, value }));
  assert.deepEqual(
    ratesOf(points).map(({ at, value }) => [at, value]),
    [
      [1_000, 20],
      [3_000, 30],
      [5_000, 1],
    ],
  );
  assert.deepEqual(ratesOf([]), []);
  assert.deepEqual(
    summed([
      [{ at: 2, value: 1 }],
      [
        { at: 1, value: 5 },
        { at: 2, value: 3 },
      ],
    ]),
    [
      { at: 1, value: 5 },
      { at: 2, value: 4 },
    ],
  );
});

test('a line needs two points, and one that is flat lies at the bottom', () => {
  assert.equal(sparkline([{ at: 1, value: 1 }], 'x'), undefined);
  assert.equal(sparkline([], 'x'), undefined);
  const flat = sparkline(
    [
      { at: 1, value: 7 },
      { at: 2, value: 7 },
    ],
    'x',
  );
  assert.match(flat?.text ?? '', /d="M2 22L130 22"/);
});
