import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from './did-you-mean.ts';

const CASES: [word: string, known: string[], found: string | undefined][] = [
  ['lgos', ['logs', 'nodes'], 'logs'],
  ['nod', ['logs', 'nodes'], 'nodes'],
  ['NODES', ['logs', 'nodes'], 'nodes'],
  ['webb-1', ['web-1', 'web-2', 'db-1'], 'web-1'],
  ['frobnicate', ['logs', 'nodes'], undefined],
  ['x', ['a', 'b'], undefined],
  ['', ['a'], undefined],
];

for (const [word, known, found] of CASES)
  test(`"${word}" is ${found ?? 'nothing known'}`, () => assert.equal(nearest(word, known), found));

test('a very long word takes no long time', () => {
  assert.equal(nearest('x'.repeat(1_000_000), ['y'.repeat(1_000_000)]), undefined);
});
