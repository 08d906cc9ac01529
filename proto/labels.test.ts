/** What a label may be called and may hold. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLabelName, isLabelValue } from './labels.ts';

test('names begin and end with a letter or digit and have at most 63 characters', () => {
  for (const name of ['a', 'rack', 'example.org/rack', 'a_b-c', 'a'.repeat(63)])
    assert.ok(isLabelName(name), name);
  for (const name of ['', '-a', 'a-', 'a b', 'a=b', 'ä', 'a\n', 'a'.repeat(64)])
    assert.ok(!isLabelName(name), JSON.stringify(name));
});

test('values may be empty and hold nothing that a selector or a terminal would take for more', () => {
  for (const value of ['', 'a', '7', 'row 3: top+bottom', 'a@b/c', 'a'.repeat(63)])
    assert.ok(isLabelValue(value), value);
  for (const value of ['a,b', 'a=b', '(a)', '!a', '\x1b', 'a\n', 'ä', 'a'.repeat(64)])
    assert.ok(!isLabelValue(value), JSON.stringify(value));
});
