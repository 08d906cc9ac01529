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
