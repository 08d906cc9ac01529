/** What stands before the lines of a text is taken away, and is a host's name only where it can be one. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bareTexts } from './line-prefixes.ts';

const othersOf = (text: string) => bareTexts(text).flatMap(({ others }) => [...others]);

test('hosts before lines are told apart', () => {
  assert.deepEqual(othersOf('n1: up 3 days\nn2: up 2 days\n'), ['n2']);
  assert.deepEqual(othersOf('10.0.0.1: up 3 days\n10.0.0.2: up 2 days\n'), ['10.0.0.2']);
  assert.deepEqual(othersOf('alpha: one\nalpha: two\nbeta: one\nbeta: two\n'), ['beta']);
});

test('times of the kernel, keys of YAML and programs are no hosts', () => {
  assert.deepEqual(othersOf('[16986.118987] r8125: one\n[16986.177846] r8125: two\n'), []);
  assert.deepEqual(othersOf('name: lxd\nsummary: manager\npublisher: Canonical\nlicense: unset\n'), []);
  assert.deepEqual(othersOf('name: a\nvalue: 1\nname: b\nvalue: 2\n'), []);
});
