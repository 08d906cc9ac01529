import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renewalTime, retryDelay } from './renewal.ts';

const HOUR = 3_600_000;
const identity = { notBefore: 0, notAfter: 60 * HOUR };
const last = 1 - Number.EPSILON;

test('a renewal begins between two thirds and 43/60 of the life', () => {
  assert.equal(
    renewalTime(identity, () => 0),
    40 * HOUR,
  );
  assert.ok(Math.abs(renewalTime(identity, () => last) - 43 * HOUR) < 1);
  const times = Array.from({ length: 500 }, () => renewalTime(identity));
  assert.ok(times.every((time) => time >= 40 * HOUR && time <= 43 * HOUR));
  assert.ok(Math.max(...times) - Math.min(...times) > HOUR, 'nodes do not renew together');
});

test('tries grow further apart, from seconds to an hour', () => {
  const delays = Array.from({ length: 40 }, (_, n) => retryDelay(n + 1, { notAfter: 1e15 }, 0, () => last));
  assert.ok(Math.abs((delays[0] ?? 0) - 5000) < 1);
  assert.ok(delays.every((delay, n) => n === 0 || delay >= (delays[n - 1] ?? 0)));
  assert.ok(Math.abs((delays.at(-1) ?? 0) - HOUR) < 1);
});

test('half of the wait is by chance', () => {
  assert.equal(
    retryDelay(3, { notAfter: 1e15 }, 0, () => 0),
    10_000,
  );
  assert.equal(
    retryDelay(3, { notAfter: 1e15 }, 0, () => 0.5),
    15_000,
  );
});

test('towards the end of the life tries come closer, and never without a pause', () => {
  assert.equal(
    retryDelay(20, { notAfter: 10 * 60_000 }, 0, () => 0),
    30_000,
  );
  assert.equal(
    retryDelay(20, { notAfter: 100 }, 0, () => 0),
    500,
  );
  // What has expired is not in a hurry any more.
  assert.equal(
    retryDelay(20, { notAfter: 0 }, 1, () => 0),
    HOUR / 2,
  );
});

test('a delay is always a time that can be waited', () => {
  for (const failures of [0, 1, 2, 50, 1e9, Number.MAX_SAFE_INTEGER])
    for (const left of [-1e15, -1, 0, 1, 1e3, 1e9, 1e15]) {
      const delay = retryDelay(failures, { notAfter: left }, 0);
      assert.ok(delay >= 500 && delay <= HOUR, `${failures} ${left}: ${delay}`);
    }
});
