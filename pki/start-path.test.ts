/** What a node and the command line load at their start knows nothing of node-forge, which takes 40 ms to load. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

/** The files that agents and the command line import before they know what they are asked to do. */
const ON_THE_WAY = [
  'identity',
  'peer',
  'names',
  'pem',
  'pair',
  'pair-file',
  'renewal',
  'token',
  'atomic-file',
];
const STATIC_IMPORT = /^(?:import|export)\s(?!type\b)[^;]*?from '([^']+)'/gm;

/** Every module that a file brings along, by static imports. */
function closure(path: string, found = new Set<string>()): Set<string> {
  for (const [, from = ''] of readFileSync(path, 'utf8').matchAll(STATIC_IMPORT)) {
    const target = from.startsWith('.') ? join(dirname(path), from) : from;
    if (found.has(target)) continue;
    found.add(target);
    if (from.startsWith('.')) closure(target, found);
  }
  return found;
}

for (const name of ON_THE_WAY)
  test(`${name}.ts loads without node-forge`, () => {
    const path = join(import.meta.dirname, `${name}.ts`);
    assert.ok(existsSync(path));
    const packages = [...closure(path)].filter((one) => !one.startsWith('/') && !one.startsWith('node:'));
    assert.deepEqual(packages, []);
  });

test('the look at imports finds node-forge where it is', () => {
  assert.ok(closure(join(import.meta.dirname, 'enrol.ts')).has('node-forge'));
});
