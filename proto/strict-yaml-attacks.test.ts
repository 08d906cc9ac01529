/** Texts that were made to hold a reader up, or to be read as something else than they look. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readYaml, YamlProblems } from './strict-yaml.ts';

const LIMITS = { file: 'text', maxBytes: 4 << 20 };
const read = (text: string) => readYaml(text, LIMITS).value;
const refused = (text: string, why: RegExp) =>
  assert.throws(
    () => read(text),
    (error) => error instanceof YamlProblems && why.test(error.problems.join('\n')),
    text.slice(0, 40),
  );

test('parts without end are refused before they are parsed', () => {
  for (const part of [
    '[',
    '{a: ',
    '- ',
    '? ',
    '!a ',
    'x: *a\n',
    '- a\n',
    '\\x',
    '---\n',
    '[],',
    '# a\n',
    '\n',
  ])
    refused(part.repeat((4 << 20) / part.length - 1), /too many parts|multiple documents/);
  refused('a'.repeat((4 << 20) + 1), /longer than/);
});

test('bombs, aliases without end, and those that contain themselves', () => {
  const rows = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (let at = 0; at < 9; at++)
    rows.push(
      `${'bcdefghij'[at]}: &${'bcdefghij'[at]} [${Array(9).fill(`*${'abcdefghij'[at]}`).join(', ')}]`,
    );
  refused(rows.join('\n'), /alias/i);
  refused(`a: &a 1\nb:\n${'- *a\n'.repeat(2_000)}`, /1:?|more than 1000 aliases/);
  refused('a: &a {b: *a}', /contains itself/);
  refused('a: &a [*a]', /contains itself/);
  refused('a: *b', /b/);
  assert.deepEqual(read('a: &a {x: 1}\nb: *a'), { a: { x: 1 }, b: { x: 1 } });
  // The newest anchor of a name counts, as YAML has it.
  assert.deepEqual(read('a: &a 1\nb: &a 2\nc: *a'), { a: 1, b: 2, c: 2 });
});

test('depth is bounded, keys are texts, tabs are no indentation, tags mean nothing', () => {
  refused(Array.from({ length: 3_000 }, (_, at) => `${' '.repeat(at % 1_000)}a:`).join('\n'), /./);
  refused('['.repeat(20_000), /./);
  refused('{[a]: 1, ? {b: c} : 2}', /a key must be a text/);
  refused('a:\n\t- b', /[Tt]ab/);
  refused('a: !!js/function "x"', /tag/);
  refused('a: 1\na: 2', /there twice/);
  refused('a: 1\n--- \nb: 2', /multiple documents/);
});
