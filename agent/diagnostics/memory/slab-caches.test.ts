/** The kinds of kernel objects in a saved output of slabtop. */

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CapturedMachine } from '../../host/captured-machine.ts';
import { FactStore } from '../fact-store.ts';
import { newRoot } from '../saved-testing.ts';
import { slabCaches } from './slab-caches.ts';

test('slabtop names the kinds, whatever it was sorted by', async () => {
  const root = newRoot();
  writeFileSync(
    join(root, 'note.txt'),
    'core@node1 ~ $ sudo slabtop -o\n Active / Total Objects (% used)    : 739390584 / 740008326 (99.9%)\n\n' +
      '  OBJS ACTIVE  USE OBJ SIZE  SLABS OBJ/SLAB CACHE SIZE NAME\n' +
      '328160  80830  24%    0.50K  10255       32    164080K kmalloc-512\n' +
      '734506368 734506368 100%    0.06K 11476662       64  45906648K ebitmap_node\n',
  );
  assert.deepEqual(
    await new FactStore(new CapturedMachine(root), new AbortController().signal).get(slabCaches),
    [
      { name: 'ebitmap_node', bytes: 45_906_648 * 1_024 },
      { name: 'kmalloc-512', bytes: 164_080 * 1_024 },
    ],
  );
});
