/** Waiting: how long it is, what it does not count, and that it can be ended. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { patiently } from './patience.ts';

/** Nothing happens in this process for a while. */
function holdUp(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

test('it is over after its time and not before, once', async () => {
  const began = performance.now();
  let times = 0;
  await new Promise<void>((resolve) =>
    patiently(50, () => {
      times++;
      resolve();
    }),
  );
  assert.ok(performance.now() - began >= 49);
  await sleep(20);
  assert.equal(times, 1);
});

test('time in which the process was held up does not count', async () => {
  let over = false;
  const ended = new Promise<void>((resolve) =>
    patiently(80, () => {
      over = true;
      resolve();
    }),
  );
  holdUp(200);
  await turn();
  assert.equal(over, false);
  await ended;
});

test('what is ended does not call', async () => {
  const end = patiently(8, () => assert.fail('it called'));
  await sleep(4);
  end();
  await sleep(20);
});
