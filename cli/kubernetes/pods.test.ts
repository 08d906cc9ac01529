/** Label selectors of budgets. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selects } from './pods.ts';

test('a selector takes what the API would take', () => {
  const labels = { app: 'db', tier: 'back' };
  const by = (matchLabels: Record<string, string>, ...all: [string, string, ...string[]][]) =>
    selects(
      {
        matchLabels,
        matchExpressions: all.map(([key, operator, ...values]) => ({ key, operator, values })),
      },
      labels,
    );
  const takes = [
    by({}),
    by({ app: 'db' }),
    by({ app: 'db' }, ['tier', 'Exists']),
    by({}, ['tier', 'In', 'front', 'back']),
    by({}, ['zone', 'DoesNotExist'], ['zone', 'NotIn', 'a']),
    by({}, ['tier', 'NotIn', 'front']),
  ];
  assert.deepEqual(new Set(takes), new Set([true]));
  const leaves = [
    by({ app: 'web' }),
    by({ app: 'db', zone: 'a' }),
    by({}, ['zone', 'Exists']),
    by({}, ['zone', 'In', 'a']),
    by({}, ['tier', 'DoesNotExist']),
    by({}, ['tier', 'NotIn', 'back']),
    by({}, ['tier', 'Later', 'back']),
  ];
  assert.deepEqual(new Set(leaves), new Set([false]));
});
