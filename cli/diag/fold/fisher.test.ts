import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correction, fisher, leastPossible } from './fisher.ts';

const near = (actual: number, wanted: number) => assert.ok(Math.abs(actual - wanted) < 1e-9, `${actual}`);

test('the lady tasting tea: three of four right by chance', () => {
  near(fisher({ all: 8, sick: 4, having: 4 }, 3), 17 / 70);
  near(fisher({ all: 8, sick: 4, having: 4 }, 4), 1 / 70);
});

test('what must be so is no surprise', () => {
  near(fisher({ all: 10, sick: 3, having: 10 }, 3), 1);
  near(fisher({ all: 10, sick: 3, having: 4 }, 0), 1);
  near(fisher({ all: 10, sick: 10, having: 4 }, 4), 1);
});

test('probabilities over a thousand nodes are numbers', () => {
  const p = fisher({ all: 1_000, sick: 300, having: 300 }, 300);
  assert.ok(p > 0 && p < 1e-200);
});

test('values that cannot be significant are not counted among the tested ones', () => {
  near(leastPossible({ all: 12, sick: 3, having: 3 }), 1 / 220);
  // One value that could be significant among many that could not: there is one test.
  assert.equal(correction([1 / 220, 0.3, 0.3, 0.3, 1], 0.05), 1);
  // Ten that could: ten tests, since 1/220 is below 0.05/10.
  assert.equal(correction(Array(10).fill(1 / 220), 0.05), 10);
  // Twenty, which are too many for any of them to be significant: the factor rules them all out.
  const factor = correction(Array(20).fill(1 / 220), 0.05);
  assert.ok(0.05 / factor < 1 / 220);
  assert.equal(correction([], 0.05), 1);
});
