import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Column, remaining, tableLines } from './table.ts';
import { thousands } from './thousands.ts';
import { cut, displayWidth } from './width.ts';

interface Row {
  name: string;
  text: string;
  count: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NAME', value: ({ name }) => name, whole: true },
  { title: 'TEXT', value: ({ text }) => text },
  { title: 'COUNT', value: ({ count }) => String(count), align: 'right' },
];

const ROWS: readonly Row[] = [
  { name: 'web-1', text: 'short', count: 5 },
  { name: 'web-10', text: 'a text that is rather long for a cell', count: 12_345 },
  { name: 'db', text: '', count: 0 },
];

test('columns are as wide as they must be', () => {
  assert.deepEqual(tableLines(ROWS, COLUMNS, undefined), [
    'NAME    TEXT                                   COUNT',
    'web-1   short                                      5',
    'web-10  a text that is rather long for a cell  12345',
    'db      -                                          0',
  ]);
});

test('a terminal gets what fits: wide columns give way, whole ones do not', () => {
  const lines = tableLines(ROWS, COLUMNS, 30);
  assert.deepEqual(lines, [
    'NAME    TEXT             COUNT',
    'web-1   short                5',
    'web-10  a text that is…  12345',
    'db      -                    0',
  ]);
});

test('columns that yield are left out, the last one first, before others are narrowed, and no more than must be', () => {
  const columns: Column<Row>[] = [
    ...COLUMNS.slice(0, 2),
    { title: 'FIRST', value: ({ count }) => String(count), yields: true },
    { title: 'SECOND', value: ({ count }) => String(count), yields: true },
    { title: 'LAST', value: ({ count }) => String(count) },
  ];
  const titles = (width?: number) => remaining(ROWS, columns, width).map(({ title }) => title);
  assert.deepEqual(titles(), ['NAME', 'TEXT', 'FIRST', 'SECOND', 'LAST']);
  assert.deepEqual(titles(67), ['NAME', 'TEXT', 'FIRST', 'SECOND', 'LAST']);
  assert.deepEqual(titles(66), ['NAME', 'TEXT', 'FIRST', 'LAST']);
  assert.deepEqual(titles(59), ['NAME', 'TEXT', 'FIRST', 'LAST']);
  assert.deepEqual(titles(58), ['NAME', 'TEXT', 'LAST']);
  assert.deepEqual(titles(20), ['NAME', 'TEXT', 'LAST']);
});

test('where nothing gives way any more, lines end at the edge', () => {
  for (const width of [20, 10, 3, 1])
    for (const line of tableLines(ROWS, COLUMNS, width))
      assert.ok(displayWidth(line) <= width, `${width}: ${line}`);
});

test('wide characters, marks and joined emoji keep columns aligned', () => {
  const rows = ['漢字', 'e\u0301te\u0301', 'naïve', '👩‍👩‍👧', '✔️', 'ｆｕｌｌ'].map((name) => ({
    name,
    text: 'x',
    count: 1,
  }));
  const lines = tableLines(rows, COLUMNS, undefined);
  const columns = lines.map((line) => displayWidth(line));
  assert.deepEqual(new Set(columns).size, 1, lines.join('\n'));
});

test('widths', () => {
  const cases: [string, number][] = [
    ['abc', 3],
    ['漢字', 4],
    ['e\u0301', 1],
    ['👍🏽', 2],
    ['한국', 4],
    ['it’s “so” – é…', 14],
    ['', 0],
  ];
  for (const [text, width] of cases) assert.equal(displayWidth(text), width, text);
});

test('a cut never splits a character and never exceeds the width', () => {
  const text = 'a漢e\u0301👩‍👩‍👧b';
  for (let width = 0; width < 10; width++) assert.ok(displayWidth(cut(text, width)) <= width, String(width));
  assert.equal(cut(text, 4), 'a漢…');
  assert.equal(cut(text, 99), text);
  assert.deepEqual(
    [0, 1, 5, 7].map((width) => cut('it’s so', width)),
    ['', '…', 'it’s…', 'it’s so'],
  );
});

test('thousands are set apart as Intl does it', () => {
  for (const value of [0, 7, 999, 1_000, 12_345, 999_999, 1_000_000, -1_234, 2 ** 53])
    assert.equal(thousands(value), value.toLocaleString('en-US'));
});

test('what nodes send cannot move the cursor', () => {
  const lines = tableLines([{ name: 'a\x1b[2J\n\u202e', text: 'b\tc', count: 1 }], COLUMNS, undefined);
  assert.equal(lines[1], 'a\\x1b[2J\\n\\u{202e}  b\\tc      1');
});
