/** Making ahead keeps the order, stays within its bytes, tells failures in their turn and leaves nothing running. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ahead } from './ahead.ts';

/** Numbers from 0 on, each after a turn of the event loop, and what was made of them. */
function source(count: number, failure?: Error) {
  const seen = { made: 0, closed: false };
  const items = (async function* () {
    try {
      for (; seen.made < count; ) {
        await turn();
        yield seen.made++;
      }
      if (failure) throw failure;
    } finally {
      seen.closed = true;
    }
  })();
  return { seen, items };
}

async function turns(count: number): Promise<void> {
  for (let one = 0; one < count; one += 1) await turn();
}

test('while nobody takes, as much is made as may wait', async () => {
  const { seen, items } = source(100);
  const taken: number[] = [];
  for await (const item of ahead(items, () => 10, 50)) {
    taken.push(item);
    if (taken.length % 10 !== 0) continue;
    await turns(30);
    // Five wait; the one after them may be under way.
    const most = taken.length + 6;
    assert.ok(seen.made <= most, `${seen.made} were made when ${taken.length} were taken`);
    assert.ok(seen.made >= Math.min(100, taken.length + 5), `only ${seen.made} were made`);
  }
  assert.deepEqual(
    taken,
    Array.from({ length: 100 }, (_, at) => at),
  );
});

test('a failure comes behind what was made before it', async () => {
  const { items } = source(3, new Error('the disk is gone'));
  const taken: number[] = [];
  await assert.rejects(async () => {
    for await (const item of ahead(items, () => 1, 100)) taken.push(item);
  }, /the disk is gone/);
  assert.deepEqual(taken, [0, 1, 2]);
});

test('whoever leaves ends the making', async () => {
  for (const most of [1, 1_000]) {
    const { seen, items } = source(100);
    for await (const item of ahead(items, () => 1, most)) if (item === 2) break;
    assert.ok(seen.closed && seen.made < 100);
  }
});
