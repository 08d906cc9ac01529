import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as breathe } from 'node:timers/promises';
import { SharedRuns } from './shared-runs.ts';

const never = () => new AbortController().signal;

/** Work that ends when it is told. */
function works() {
  const begun: { signal: AbortSignal; end: (value: string) => void }[] = [];
  const work = (signal: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<string>();
    begun.push({ signal, end: resolve });
    return promise;
  };
  return { begun, work };
}

test('many who ask the same cost two runs: the one that has begun, and the next', async () => {
  const runs = new SharedRuns(1);
  const { begun, work } = works();
  const first = runs.run('a', never(), work);
  await breathe();
  const others = Array.from({ length: 50 }, () => runs.run('a', never(), work));
  await breathe();
  assert.equal(begun.length, 1);
  begun[0]?.end('old');
  assert.equal(await first, 'old');
  await breathe();
  begun[1]?.end('new');
  assert.deepEqual(new Set(await Promise.all(others)), new Set(['new']));
  assert.equal(begun.length, 2);
});

test('only so many run at once, whatever they are', async () => {
  const runs = new SharedRuns(2);
  const { begun, work } = works();
  const all = ['a', 'b', 'c', 'd'].map((key) => runs.run(key, never(), work));
  await breathe();
  assert.equal(begun.length, 2);
  begun[0]?.end('x');
  await breathe();
  assert.equal(begun.length, 3);
  for (let at = 1; at < 4; at++) {
    begun[at]?.end('x');
    await breathe();
  }
  assert.deepEqual(await Promise.all(all), ['x', 'x', 'x', 'x']);
});

test('a run is given up when all have gone who want it, and not before; the turn goes on', async () => {
  const runs = new SharedRuns(1);
  const { begun, work } = works();
  const [one, two] = [new AbortController(), new AbortController()];
  const both = [runs.run('a', one.signal, work), runs.run('a', two.signal, work)];
  await breathe();
  const next = runs.run('b', never(), work);
  one.abort(new Error('gone'));
  await assert.rejects(both[0] as Promise<string>, /gone/);
  assert.equal(begun[0]?.signal.aborted, false);
  two.abort(new Error('gone'));
  await assert.rejects(both[1] as Promise<string>, /gone/);
  assert.equal(begun[0]?.signal.aborted, true);
  begun[0]?.end('late');
  await breathe();
  begun[1]?.end('x');
  assert.equal(await next, 'x');
});

test('who leaves while waiting for a turn costs no run, and who comes later gets one of his own', async () => {
  const runs = new SharedRuns(1);
  const { begun, work } = works();
  const first = runs.run('a', never(), work);
  await breathe();
  const stop = new AbortController();
  const left = runs.run('b', stop.signal, work);
  await breathe();
  stop.abort(new Error('gone'));
  await assert.rejects(left, /gone/);
  const later = runs.run('b', never(), work);
  begun[0]?.end('x');
  await first;
  await breathe();
  assert.equal(begun.length, 2);
  begun[1]?.end('y');
  assert.equal(await later, 'y');
});
