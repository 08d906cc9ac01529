/** How far words are apart. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editDistance } from './edit-distance.ts';

test('changes are counted, a swap once, up to the bound', () => {
  for (const [a, b, distance] of [
    ['kitten', 'sitting', 3],
    ['sshd', 'sshd', 0],
    ['sshd', 'shsd', 1],
    ['', 'abc', 3],
    ['nodes', 'node', 1],
  ] as const) {
    assert.equal(editDistance(a, b, 10), distance, `${a} ${b}`);
    assert.equal(editDistance(b, a, 10), distance, `${b} ${a}`);
  }
  assert.equal(editDistance('kitten', 'sitting', 2), 2);
  assert.equal(editDistance('a', 'abcdefgh', 3), 3);
});
