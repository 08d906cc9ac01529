/** The line of an oops that tells the kernel's taint by letters, alone. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubles } from '../saved-testing.ts';

for (const [what, text, expected] of [
  [
    'an oops before',
    'Tainted: G      D W         6.1.0-18-amd64 #1 Debian 6.1.76-1\n',
    ['critical kernel.died-before', 'info kernel.warned'],
  ],
  [
    'modules from elsewhere',
    'Tainted: P           OE      5.15.0-91-generic\n',
    ['info kernel.foreign-modules'],
  ],
  ['a patch while it ran', 'Tainted: G              K    6.1.0-18-amd64\n', []],
] as const)
  test(`taint by letters: ${what}`, async () => {
    assert.deepEqual(
      (await troubles(text)).filter((one) => !one.endsWith('kernel.taint-notes')),
      expected,
    );
  });
