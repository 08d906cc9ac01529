import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isoTime, shortTime, spanText } from './time-text.ts';

test('times as text', () => {
  const usec = Date.parse('2026-08-02T10:05:03Z') * 1_000 + 123_456;
  assert.equal(shortTime(true)(usec), 'Aug 02 10:05:03');
  assert.equal(isoTime(true)(usec), '2026-08-02T10:05:03.123456Z');
  const local = isoTime(false);
  assert.equal(Date.parse(local(usec)), Math.floor(usec / 1_000));
  assert.match(local(usec + 1), /\.123457[+-]\d\d:\d\d$/);
  assert.equal(local(usec - 123_456).slice(19, 26), '.000000');
  assert.deepEqual([450, 42_000, 180_000, 9_000_000].map(spanText), ['0.5 s', '42 s', '3 min', '2.5 h']);
});
