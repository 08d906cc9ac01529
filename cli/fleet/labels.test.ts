import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { changedLabels, labelText, parseLabels } from './labels.ts';

test('labels as they are typed', () => {
  assert.deepEqual(parseLabels(['rack=a', 'zone.example/x=1 2', 'empty=', 'old-', 'a-b-']), {
    set: { rack: 'a', 'zone.example/x': '1 2', empty: '' },
    remove: ['old', 'a-b'],
  });
});

for (const word of [
  'rack',
  '=a',
  '-',
  '--',
  'a b=c',
  'a=b;c',
  'a=\x1b',
  'ä=1',
  `${'n'.repeat(64)}=1`,
  `a=${'v'.repeat(64)}`,
])
  test(`${JSON.stringify(word.slice(0, 20))} is no label`, () => {
    assert.throws(
      () => parseLabels([word]),
      (error) => error instanceof Failure && error.reason === 'BAD_ARGUMENT' && error.hint !== '',
    );
  });

test('labels after a change', () => {
  const labels = { rack: 'a', old: '1', keep: 'x' };
  assert.deepEqual(changedLabels(labels, parseLabels(['rack=b', 'old-', 'missing-'])), {
    rack: 'b',
    keep: 'x',
  });
  assert.deepEqual(labels, { rack: 'a', old: '1', keep: 'x' });
});

test('labels as one word', () => {
  assert.equal(labelText({ b: '2', a: '1' }), 'a=1,b=2');
  assert.equal(labelText({}), '');
});
