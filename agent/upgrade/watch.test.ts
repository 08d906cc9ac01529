/** What a slow reader is told of an upgrade: nothing that happened meanwhile is kept from it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpgradeEngine } from './engine.ts';
import type { Upgrade } from './state.ts';
import { watch } from './watch.ts';

/** An engine of which only what a watch looks at is there. */
function engineOf(first: Partial<Upgrade>) {
  const listeners = new Set<() => void>();
  const of = (more: Partial<Upgrade>) => ({ id: 'u1', endedMs: 0, ...more }) as Upgrade;
  let last = of(first);
  const site = {
    current: last as Upgrade | undefined,
    progress: { part: '', done: 0, total: 0 },
    waiting: { text: '' },
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const change = (more: Partial<typeof site>) => {
    Object.assign(site, more);
    for (const listener of listeners) listener();
  };
  const to = (more: Partial<Upgrade>) => {
    last = of(more);
    change({ current: last.endedMs > 0 ? undefined : last });
  };
  return { engine: { site, find: () => last } as unknown as UpgradeEngine, change, to, listeners };
}

test('what changes while the reader is busy is told when it reads on', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { engine, change, to, listeners } = engineOf({ state: 'testing' });
  const told = watch(engine, 'u1', new AbortController().signal);
  assert.equal((await told.next()).value?.upgrade.state, 'testing');
  change({ waiting: { text: 'waits for health' } });
  assert.equal((await told.next()).value?.waiting.text, 'waits for health');
  to({ state: 'confirmed', endedMs: 1 });
  // No time passes: a change that is missed would be told by the slow tick alone.
  assert.equal((await told.next()).value?.upgrade.state, 'confirmed');
  assert.equal((await told.next()).done, true);
  assert.equal(listeners.size, 0);
});

test('progress made meanwhile comes after a moment, and without any news the tick tells all again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { engine, change } = engineOf({ state: 'transferring' });
  const told = watch(engine, 'u1', new AbortController().signal);
  await told.next();
  change({ progress: { part: 'root', done: 5, total: 9 } });
  const soon = told.next();
  await Promise.resolve();
  t.mock.timers.tick(250);
  assert.equal((await soon).value?.progress.done, 5);

  let isTold = false;
  const late = told.next().then(() => (isTold = true));
  await new Promise(setImmediate);
  t.mock.timers.tick(4_999);
  await new Promise(setImmediate);
  assert.equal(isTold, false);
  t.mock.timers.tick(1);
  await late;
});
