/** Waiting, and waiting no longer. */

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { sleep } from './sleep.ts';

test('a wait ends by itself and leaves no listener behind', async () => {
  const { signal } = new AbortController();
  for (let round = 0; round < 20; round++) await sleep(1, signal);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('an abort ends a wait, before it begins and in the middle', async () => {
  const stop = new AbortController();
  const waiting = sleep(2 ** 30, stop.signal);
  stop.abort();
  await waiting;
  await sleep(2 ** 30, stop.signal);
  assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
});
