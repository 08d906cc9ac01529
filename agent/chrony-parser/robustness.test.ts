/** Whatever they are given, the parsers end soon, and throw nothing but their own two errors. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as mod from './mod.ts';

const PARSERS = Object.entries(mod).filter(([name]) => name.startsWith('parse')) as [
  string,
  (text: string) => unknown,
][];

const ROWS = [
  '^* ntp1.example.net              1   6   377    35   -479ns[ -621ns] +/-  134ns',
  'ntp1.example.net           11   5   46m     -0.001      0.045      1us    25us',
  '0A000001,10.0.0.1,3,1.0,0,0,0,0,0,0.1,0.004,0.003,64.2,Normal',
  'Remote address  : 10.0.0.1 (0A000001)',
  'Reference ID    : 0A000001 (ntp1)',
  '501 Not authorised',
  '===========================',
];

/** A reproducible stream of numbers below 1. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function onlyOwnErrors(parse: (text: string) => unknown, text: string): void {
  try {
    parse(text);
  } catch (error) {
    assert.ok(
      error instanceof mod.ChronyParseError || error instanceof mod.ChronyReplyError,
      `${String(error)} for ${JSON.stringify(text.slice(0, 200))}`,
    );
  }
}

test('all parsers are tried', () => {
  assert.equal(PARSERS.length, 13);
});

for (const [name, parse] of PARSERS)
  test(`${name}: outputs that were damaged`, () => {
    const next = random(name.length);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
    for (let round = 0; round < 3_000; round++) {
      const lines = Array.from({ length: 1 + Math.floor(next() * 4) }, () => pick(ROWS));
      const text = [...lines.join(pick(['\n', '\r\n', ' ']))];
      for (let change = Math.floor(next() * 6); change > 0; change--)
        text.splice(
          Math.floor(next() * text.length),
          Math.floor(next() * 8),
          pick(['', ',', '\0', '\uFFFD', '-', '9'.repeat(30), '[', ' ', 'e', ':', 'Infinity']),
        );
      onlyOwnErrors(parse, text.join(''));
    }
  });

test('long lines and many lines take no more than their length', () => {
  const long = [
    ' '.repeat(200_000),
    '9'.repeat(200_000),
    ','.repeat(200_000),
    '- '.repeat(100_000),
    `^* ${'a '.repeat(100_000)}[ 1us] +/- 1us`,
    `^*${' '.repeat(200_000)}x`,
    `^* a 1 1 1 1 1us[${' '.repeat(200_000)}`,
    `S ${'Y ----- '.repeat(30_000)}`,
    `a ${'NTS 1 1 1 '.repeat(30_000)}`,
    'x: '.repeat(70_000),
    '1.'.repeat(100_000),
    `Reference ID : ${'('.repeat(200_000)}`,
    '\n'.repeat(200_000),
    'a\n'.repeat(100_000),
  ];
  for (const text of long) for (const [, parse] of PARSERS) onlyOwnErrors(parse, text);
});
