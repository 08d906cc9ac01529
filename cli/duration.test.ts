import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, formatLeft, isoTime, parseDuration, tableTime, timeLeft } from './duration.ts';

test('durations are read', () => {
  const cases: [string, number | undefined][] = [
    ['500ms', 500],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['1.5h', 5_400_000],
    ['1w', 604_800_000],
    ['', undefined],
    ['90', undefined],
    ['-1s', undefined],
    ['1 s', undefined],
    ['1s ', undefined],
    ['1y', undefined],
  ];
  for (const [text, milliseconds] of cases) assert.equal(parseDuration(text), milliseconds, text);
});

test('durations are written in their two largest units', () => {
  const cases: [number, string][] = [
    [0, '0s'],
    [999, '0s'],
    [5_000, '5s'],
    [65_000, '1m 5s'],
    [3_600_000, '1h'],
    [93_784_000, '1d 2h'],
    [-5, '0s'],
  ];
  for (const [milliseconds, text] of cases) assert.equal(formatDuration(milliseconds), text);
});

test('what is left is rounded, not cut', () => {
  const hour = 3_600_000;
  assert.equal(formatLeft(12 * hour - 40), '12h');
  assert.equal(formatLeft(12 * hour - 61_000), '11h 59m');
  assert.equal(formatLeft(24 * hour - 40), '1d');
  assert.equal(formatLeft(30 * 24 * hour - 5_000), '30d');
  assert.equal(formatLeft(hour - 1), '1h');
  assert.equal(formatLeft(1_400), '1s');
  assert.equal(formatLeft(500), '1s');
  assert.equal(formatLeft(499), 'less than 1s');
  assert.equal(formatLeft(0), '0s');
  assert.equal(formatLeft(-1), '0s');
});

test('times', () => {
  assert.equal(isoTime(1_700_000_000_123_456), '2023-11-14T22:13:20.123Z');
  assert.equal(tableTime(1_700_000_000_123_456), '2023-11-14T22:13:20Z');
  // Nodes may send anything.
  assert.equal(isoTime(2 ** 63), '+275760-09-13T00:00:00.000Z');
  assert.equal(isoTime(Number.NEGATIVE_INFINITY), '-271821-04-20T00:00:00.000Z');
  assert.equal(tableTime(Number.NaN), '1970-01-01T00:00:00Z');
  assert.equal(timeLeft(1_000, 996_000), '4s left');
  assert.equal(timeLeft(1_000, 1_000_000), 'EXPIRED');
});
