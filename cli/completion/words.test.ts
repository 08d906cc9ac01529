import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitLine } from './words.ts';

const CASES: [line: string, words: string[]][] = [
  ['', ['']],
  ['nodectl', ['nodectl']],
  ['nodectl ', ['nodectl', '']],
  ['nodectl get  no', ['nodectl', 'get', 'no']],
  ['nodectl -l rack=a,role!=', ['nodectl', '-l', 'rack=a,role!=']],
  ["nodectl -l 'env in (a b)' x", ['nodectl', '-l', 'env in (a b)', 'x']],
  ['nodectl "a\\"b\\c" d\\ e', ['nodectl', 'a"b\\c', 'd e']],
  ["nodectl 'open quo", ['nodectl', 'open quo']],
  ["nodectl '' x", ['nodectl', '', 'x']],
  ['nodectl $(touch /tmp/x) `y`', ['nodectl', '$(touch', '/tmp/x)', '`y`']],
];

for (const [line, words] of CASES)
  test(`words of ${JSON.stringify(line)}`, () => assert.deepEqual(splitLine(line), words));
