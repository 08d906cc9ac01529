/** Giving memory back: once it is quiet, and once for all agents of a process. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Settling } from './settle.ts';

test('of agents that share a process the one that was busy last collects', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const looked: string[] = [];
  const agents = ['web-1', 'web-2'].map(
    (name) =>
      new Settling(() => {
        looked.push(name);
        return true;
      }),
  );
  for (const agent of agents) agent.soon();
  agents[0]?.soon();
  t.mock.timers.tick(10_000);
  assert.deepEqual(looked, ['web-1']);
});

test('other memory is given back around the collection, and not while somebody is served', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const done: string[] = [];
  let quiet = false;
  const settling = new Settling(() => quiet, {
    before: () => done.push('before') > 0,
    after: () => void done.push('after'),
  });
  settling.soon();
  t.mock.timers.tick(10_000);
  assert.deepEqual(done, []);
  quiet = true;
  settling.soon();
  t.mock.timers.tick(10_000);
  assert.deepEqual(done, ['before', 'after']);
});

test('young garbage goes at once', async () => {
  const gone = Promise.withResolvers<void>();
  const registry = new FinalizationRegistry<undefined>(() => gone.resolve());
  (() => registry.register({}, undefined))();
  new Settling(() => false).young();
  await gone.promise;
});
