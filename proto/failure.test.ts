/** What becomes of errors that are no failures yet. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.ts';

/** What a promise is rejected with, as a Failure. */
async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    return Failure.from(error);
  }
  return assert.fail('it did not fail');
}

test('a failure stays itself, and what nobody foresaw is INTERNAL with its cause', () => {
  const failure = new Failure('BAD_TIME', 'no time', { hint: 'write one', facts: { at: '1' } });
  assert.equal(Failure.from(failure), failure);
  assert.equal(failure.status, 'INVALID_ARGUMENT');
  const error = new TypeError('x is not a function');
  const made = Failure.from(error);
  assert.deepEqual([made.reason, made.message, made.cause], ['INTERNAL', error.message, error]);
  assert.equal(Failure.from('text').message, 'text');
});

test('a disk that is full, read-only or broken is no defect, and is told in words', () => {
  const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const made = Failure.from(error);
  assert.deepEqual([made.reason, made.message, made.cause], ['DISK_UNUSABLE', 'the disk is full', error]);
  assert.match(made.hint, /make room/);
  const readOnly = Object.assign(new Error('EROFS'), { code: 'EROFS', path: '/etc/x' });
  assert.equal(Failure.from(readOnly).message, '/etc/x: the file system is read-only');
  assert.equal(Failure.from(Object.assign(new Error('no'), { code: 'ENOENT' })).reason, 'INTERNAL');
});

test('what the platform throws for signals is no defect', async () => {
  const stop = new AbortController();
  const waiting = delay(2 ** 30, undefined, { signal: stop.signal });
  stop.abort();
  assert.equal((await failureOf(waiting)).reason, 'CANCELLED');
  const late = once(new EventTarget(), 'never', { signal: AbortSignal.timeout(1) });
  // Keeps the process up while the timeout, which does not, runs.
  const up = setTimeout(() => {}, 10_000);
  const { reason } = await failureOf(late);
  clearTimeout(up);
  assert.ok(reason === 'CANCELLED' || reason === 'DEADLINE_EXCEEDED', reason);
  assert.equal(
    (await failureOf(Promise.reject(AbortSignal.abort(new DOMException('', 'TimeoutError')).reason))).reason,
    'DEADLINE_EXCEEDED',
  );
});

test('an abort that was given a failure as its reason comes out as that', async () => {
  const stop = new AbortController();
  const waiting = delay(2 ** 30, undefined, { signal: stop.signal });
  const why = new Failure('DRAINING', 'the agent is stopping');
  stop.abort(why);
  assert.equal(await failureOf(waiting), why);
});
