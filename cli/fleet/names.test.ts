import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { compareNames, expandNames, foldNames } from './names.ts';

const LISTS: [list: string, names: string[]][] = [
  ['web-1', ['web-1']],
  ['web-1, db-1', ['web-1', 'db-1']],
  ['web-[1-3]', ['web-1', 'web-2', 'web-3']],
  ['web-[08-11]', ['web-08', 'web-09', 'web-10', 'web-11']],
  ['web-[1-2,5],db', ['web-1', 'web-2', 'web-5', 'db']],
  ['r[1-2]n[1-2]', ['r1n1', 'r1n2', 'r2n1', 'r2n2']],
  ['web-[1-2],web-[2-3]', ['web-1', 'web-2', 'web-3']],
  ['web-[7]', ['web-7']],
];

for (const [list, names] of LISTS)
  test(`"${list}" stands for ${names.length} names`, () => assert.deepEqual(expandNames(list), names));

for (const list of [
  'web-[',
  'web-]',
  'web-[a-b]',
  'web-[3-1]',
  'web-[]',
  'web-[1-',
  'w[[1]]',
  'w[1-99999999]',
])
  test(`"${list}" is refused`, () => {
    assert.throws(
      () => expandNames(list),
      (error) => error instanceof Failure && error.reason === 'BAD_ARGUMENT' && error.hint !== '',
    );
  });

test('many ranges side by side are refused before they are written out', () => {
  assert.throws(() => expandNames('a[1-9999]b[1-9999]c[1-9999]'), /more than 10000/);
});

const FOLDED: [names: string[], text: string][] = [
  [[], ''],
  [['db'], 'db'],
  [['web-1'], 'web-1'],
  [['web-1', 'web-2', 'web-3'], 'web-[1-3]'],
  [['web-3', 'web-1', 'web-2', 'web-1'], 'web-[1-3]'],
  [['web-1', 'web-3', 'web-4', 'db-1'], 'db-1,web-[1,3-4]'],
  [['web-08', 'web-09', 'web-10', 'web-11'], 'web-[08-11]'],
  [['web-8', 'web-9', 'web-10'], 'web-[8-10]'],
  [['web-8', 'web-08'], 'web-08,web-8'],
  [['r1-a', 'r2-a', 'r1-b'], 'r1-b,r[1-2]-a'],
  [['n01', 'n100'], 'n01,n100'],
];

for (const [names, text] of FOLDED)
  test(`folded: "${text}"`, () => {
    assert.equal(foldNames(names), text);
    assert.deepEqual(expandNames(text).sort(), [...new Set(names)].sort());
  });

test('folding and expanding undo each other for any names', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 500; round++) {
    const names = Array.from({ length: 1 + random(30) }, () => {
      const number = String(random(120));
      return `${['web-', 'db', 'r3-n'][random(3)]}${random(2) ? number : number.padStart(1 + random(4), '0')}${['', '-x'][random(2)]}`;
    });
    assert.deepEqual(expandNames(foldNames(names)).sort(), [...new Set(names)].sort(), foldNames(names));
  }
});

test('names are ordered by their numbers', () => {
  const names = ['web-10', 'web-2', 'db-1', 'web-02', 'web', 'web-2a'];
  assert.deepEqual(names.sort(compareNames), ['db-1', 'web', 'web-02', 'web-2', 'web-2a', 'web-10']);
});
