import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as breathe } from 'node:timers/promises';
import { ProgramSlots } from './program-slots.ts';

test('so many run at once, in all and of one program; who waited longest is next', async () => {
  const slots = new ProgramSlots(3, 2);
  const order: string[] = [];
  const ask = async (name: string) => {
    const free = await slots.take(name.slice(0, 1), 60_000);
    order.push(name);
    return free;
  };
  const [a1, , b1] = [ask('a1'), ask('a2'), ask('b1'), ask('a3'), ask('c1')];
  await breathe();
  assert.deepEqual(order, ['a1', 'a2', 'b1']);
  (await b1)?.();
  await breathe();
  assert.deepEqual(order.slice(3), ['c1']);
  (await a1)?.();
  (await a1)?.();
  await breathe();
  assert.deepEqual(order.slice(4), ['a3']);
});

test('who waits in vain or gives up is handed no slot later', async () => {
  const slots = new ProgramSlots(1, 1);
  const free = await slots.take('a', 1_000);
  assert.equal(await slots.take('a', 5), undefined);
  const stop = new AbortController();
  const waiting = slots.take('a', 60_000, stop.signal);
  stop.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
  free?.();
  assert.ok(await slots.take('a', 60_000));
});
