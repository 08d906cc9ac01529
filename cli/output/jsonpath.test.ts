import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { type Json, parseJsonPath } from './jsonpath.ts';

const NODES: Json = [
  { name: 'web-1', uptime: 10, labels: { rack: 'a', 'zone.example/x': '1' }, addresses: ['10.0.0.1:7443'] },
  { name: 'web-2', uptime: 20, labels: { rack: 'b' }, addresses: ['10.0.0.2:7443', '[fd00::2]:7443'] },
  { name: 'db-1', error: { reason: 'CONNECTION_REFUSED' } },
];

const CASES: [expression: string, printed: string][] = [
  ['[*].name', 'web-1\nweb-2\ndb-1\n'],
  ['$[*].name', 'web-1\nweb-2\ndb-1\n'],
  ['.[0].name', 'web-1\n'],
  ['[-1].name', 'db-1\n'],
  ['[0:2].uptime', '10\n20\n'],
  ['[1:].name', 'web-2\ndb-1\n'],
  ["[0].labels['zone.example/x']", '1\n'],
  ['[0].labels.*', 'a\n1\n'],
  ['[1].addresses', '["10.0.0.2:7443","[fd00::2]:7443"]\n'],
  ['..reason', 'CONNECTION_REFUSED\n'],
  ['[?(@.error)].name', 'db-1\n'],
  ['[?(@.labels.rack=="b")].name', 'web-2\n'],
  ["[?(@.labels.rack != 'b')].name", 'web-1\ndb-1\n'],
  ['[?(@.uptime>=20)].name', 'web-2\n'],
  ['[?(@.uptime>"20")].name', ''],
  ['[7].name', ''],
  ['[0].constructor', ''],
  ['[0].__proto__', ''],
  ['{[*].name}', 'web-1 web-2 db-1'],
  ['{[0].name}: {[0].uptime}{"\\n"}', 'web-1: 10\n'],
  ['{[?(@.name=="}")].name}x', 'x'],
];

for (const [expression, printed] of CASES)
  test(`jsonpath ${expression}`, () => assert.equal(parseJsonPath(expression)(NODES), printed));

for (const expression of [
  '',
  '.',
  '[',
  '[?(@.a',
  '[?(@.a==)]',
  '.a..',
  '{.a',
  '[a]',
  'a b',
  '.a[1',
  '{"\\q"}',
])
  test(`jsonpath refuses ${JSON.stringify(expression)}`, () => {
    if (expression === '.') return assert.equal(parseJsonPath(expression)(1), '1\n');
    assert.throws(
      () => parseJsonPath(expression),
      (error) => error instanceof Failure && error.reason === 'BAD_ARGUMENT' && error.hint !== '',
    );
  });
