import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineClock } from './line-time.ts';

const read = (line: string, clock = new LineClock()): number => {
  const bytes = Buffer.from(`x\n${line}\n`);
  return clock.read(bytes, 2, bytes.length - 1);
};
const iso = (text: string): number => new Date(text).getTime() * 1000;

test('times of the known forms are read to the microsecond', () => {
  const clock = new LineClock();
  clock.referenceMs = Date.UTC(2026, 10, 25);
  for (const [line, expected] of [
    ['2026-11-24T01:55:00Z hello', iso('2026-11-24T01:55:00Z')],
    ['2026-11-24T01:55:00.123456Z hello', iso('2026-11-24T01:55:00Z') + 123_456],
    ['2026-11-24T01:55:00.123456789+01:00 hello', iso('2026-11-24T00:55:00Z') + 123_456],
    ['2026-11-24T01:55:00.5-0330 x', iso('2026-11-24T05:25:00Z') + 500_000],
    ['2026-11-24 01:55:00,042 INFO x', iso('2026-11-24T01:55:00') + 42_000],
    ['2026-11-24 01:55:00 install foo:amd64 1.0', iso('2026-11-24T01:55:00')],
    ['2026-11-24 01:55:00.123 UTC [99] LOG: x', iso('2026-11-24T01:55:00Z') + 123_000],
    ['2026/11/24 01:55:00 [error] x', iso('2026-11-24T01:55:00')],
    ['[2026-11-24 01:55:00] x', iso('2026-11-24T01:55:00')],
    ['<34>1 2026-11-24T01:55:00Z host app', iso('2026-11-24T01:55:00Z')],
    ['<34>Nov 24 01:55:00 host app: x', iso('2026-11-24T01:55:00')],
    ['Nov 24 01:55:00 host app: x', iso('2026-11-24T01:55:00')],
    ['Nov  4 01:55:00 host app: x', iso('2026-11-04T01:55:00')],
    ['Nov 4 01:55:00 host app: x', iso('2026-11-04T01:55:00')],
    ['Nov 4 2025 01:55:00 host app: x', iso('2025-11-04T01:55:00')],
    ['[Wed Nov 4 01:55:00.5 2026] x', iso('2026-11-04T01:55:00') + 500_000],
    ['Dec 30 01:55:00 host app: x', iso('2025-12-30T01:55:00')],
    ['[Tue Nov 24 01:55:00.123456 2026] [core] x', iso('2026-11-24T01:55:00') + 123_456],
    ['Tue Nov 24 01:55:00 2025', iso('2025-11-24T01:55:00')],
    ['1790000000 x', 1_790_000_000_000_000],
    ['1790000000.25 x', 1_790_000_000_250_000],
    ['1790000000123 x', 1_790_000_000_123_000],
    ['10.0.0.1 - - [24/Nov/2026:01:55:00 +0000] "GET /" 200', iso('2026-11-24T01:55:00Z')],
    ['::1 - bob [24/Nov/2026:01:55:00 -0130] "GET /" 200', iso('2026-11-24T03:25:00Z')],
    ['{"level":30,"time":1790000000123,"msg":"x"}', 1_790_000_000_123_000],
    ['{"ts":1790000000.5,"msg":"x"}', 1_790_000_000_500_000],
    ['{"@timestamp": "2026-11-24T01:55:00Z"}', iso('2026-11-24T01:55:00Z')],
  ] as const) {
    assert.equal(read(line, clock), expected, line);
    assert.equal(read(line, clock), expected, `again: ${line}`);
  }
});

test('what is no time is none', () => {
  for (const line of [
    '',
    'hello',
    '2026-13-24T01:55:00Z',
    '2026-11-24T25:00:00Z',
    '2026-11-24',
    '12345',
    'Now 24 01:55:00',
    '\tat x.y(z)',
    '<',
    '{',
    '2026-11-24T01',
    '[',
    '9999999999999999999',
    '\0\0\0',
  ]) {
    assert.ok(Number.isNaN(read(line)), line);
  }
});

test('random bytes never throw and never give a time that is not finite', () => {
  for (let round = 0; round < 20_000; round++) {
    const bytes = Buffer.from(Array.from({ length: 40 }, () => Math.floor(Math.random() * 128)));
    const usec = new LineClock().read(bytes, 0, bytes.length);
    assert.ok(Number.isNaN(usec) || Number.isFinite(usec));
  }
});

test('a day on which the clocks change is read by the minute', () => {
  const clock = new LineClock();
  for (const minute of ['00:30', '01:30', '02:30', '03:30', '04:30']) {
    assert.equal(read(`2026-03-29 ${minute}:05 x`, clock), iso(`2026-03-29T${minute}:05`));
  }
});
