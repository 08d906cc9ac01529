/** What must not get through, and that the place of each problem is told. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { readYaml, shaped, YamlProblems } from './strict-yaml.ts';

const limits = { file: 'a.yaml', maxBytes: 1 << 20 };

function problem(text: string): string {
  try {
    readYaml(text, limits);
    return '';
  } catch (error) {
    assert.ok(error instanceof YamlProblems, String(error));
    return error.problems[0] ?? '';
  }
}

test('what is no document is refused with its place', () => {
  assert.match(problem('a:\n\tb: 1'), /^a\.yaml:2:1: Tabs/);
  assert.match(problem('a: 1\nb:\n  c: 1\n  c: 2'), /^a\.yaml:4:3: "c" is there twice/);
  assert.match(problem('a: *b'), /^a\.yaml: .*alias/);
  assert.match(problem('a: &a [1, *a]'), /^a\.yaml:1:11: the alias \*a contains itself/);
  assert.match(problem('a: !!js/function x'), /^a\.yaml:1:4: Unresolved tag/);
  assert.match(problem('a: 1\n---\nb: 2'), /^a\.yaml:2:1: .*multiple documents/);
  assert.match(problem('b'.repeat(2 << 20)), /^a\.yaml: longer than 1048576 bytes/);
});

test('bombs: aliases of aliases, and brackets, dashes and indents by the thousand', () => {
  const nine = (name: string) => `[${Array(9).fill(`*${name}`).join()}]`;
  const bomb = [
    'a: &a [1,1,1]',
    ...['b', 'c', 'd', 'e'].map((to, at) => `${to}: &${to} ${nine('abcd'[at] ?? '')}`),
  ];
  assert.match(problem(bomb.join('\n')), /alias/);
  for (const text of ['['.repeat(20_000), '- '.repeat(20_000), '{a: '.repeat(20_000)])
    assert.notEqual(problem(text), '');
});

test('many keys are no trouble', () => {
  const text = Array.from({ length: 20_000 }, (_, at) => `k${at}: ${at}`).join('\n');
  assert.equal(Object.keys(readYaml(text, limits).value as object).length, 20_000);
});

test('an unknown key is told where it stands', () => {
  const schema = z.strictObject({ a: z.strictObject({ b: z.number() }).array() });
  const yaml = readYaml('a:\n  - b: 1\n  - b: 2\n    c: 3\n', limits);
  assert.throws(
    () => shaped(yaml, schema),
    (error) => error instanceof YamlProblems && /^a\.yaml:4:5: a\.1: .*"c"/.test(error.problems[0] ?? ''),
  );
});
