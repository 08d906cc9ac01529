/** Each target for a while, with one seed: `npm run fuzz` runs the many. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './fuzz.ts';
import { FUZZ_TARGETS } from './targets.ts';

const CASES = 3_000;

for (const target of FUZZ_TARGETS)
  test(`${target.name}: ${CASES} inputs`, () => {
    fuzz(target, CASES, 1);
  });

test('a case that fails is told with what makes it again', () => {
  const target = { name: 'x', run: (random: () => number) => assert.ok(random() < 0.99) };
  assert.throws(
    () => fuzz(target, 10_000, 1),
    /^Error: x, case \d+: [\s\S]*--only 'x' --seed 1 --first \d+ --cases 1$/,
  );
});
