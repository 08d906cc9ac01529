import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { LONGEST_CURSOR, readCursor, writeCursor } from './resume-cursor.ts';
import { type SelectionFlags, selection } from './selection.ts';

const RULES = { priorityAlone: 'andMoreSevere', followTail: 10 } as const;
const NOW = new Date('2026-08-02T12:00:00Z');
const ask = (flags: SelectionFlags) => selection(flags, RULES, NOW);

const refused = (reason: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Failure);
  assert.equal(error.reason, reason);
  assert.match(`${error.message} | ${error.hint}`, message);
  return true;
};

test('flags become a request', () => {
  assert.deepEqual(ask({}), {
    source: '',
    sinceUsec: 0,
    untilUsec: 0,
    boot: '',
    grep: '',
    grepIgnoreCase: false,
    priorities: [],
    tail: undefined,
    follow: false,
    cursor: '',
    fields: [],
  });
  const full = ask({
    since: '2h',
    until: '1h',
    grep: 'a|b',
    ignoreCase: true,
    priority: 'crit',
    tail: '5',
    fields: '_UID, _EXE,_UID',
    boot: 'previous',
  });
  assert.equal(full.untilUsec - full.sinceUsec, 3_600_000_000);
  assert.deepEqual([full.grep, full.grepIgnoreCase, full.tail, full.boot], ['a|b', true, 5, '-1']);
  assert.deepEqual(
    [full.priorities, full.fields],
    [
      [0, 1, 2],
      ['_UID', '_EXE'],
    ],
  );
  assert.equal(ask({ follow: true }).tail, 10);
  assert.equal(ask({ follow: true, tail: 'all' }).tail, undefined);
  assert.equal(ask({ follow: true, tail: '0' }).tail, 0);
  assert.equal(ask({ follow: true, since: '1h' }).tail, undefined);
  assert.deepEqual(
    [
      'this',
      'current',
      '0',
      '-3',
      'all',
      'ABCDEF00112233445566778899aabbcc',
      'abcdef00-1122-3344-5566-778899aabbcc',
    ].map((boot) => ask({ boot }).boot),
    ['0', '0', '0', '-3', '', 'abcdef00112233445566778899aabbcc', 'abcdef00112233445566778899aabbcc'],
  );
});

test('what means nothing is refused with a hint', () => {
  assert.throws(() => ask({ since: 'soonish' }), refused('BAD_TIME', /--since is not a time \| write 10m/));
  assert.throws(
    () => ask({ since: '1h', until: '2h' }),
    refused('BAD_TIME', /not before --until 2h \| .*the longer one begins/),
  );
  assert.throws(() => ask({ since: '2027-01-01' }), refused('BAD_TIME', /in the future/));
  assert.throws(
    () => selection({ since: '23:50' }, RULES, new Date(2026, 7, 2, 0, 10)),
    refused('BAD_TIME', /write "yesterday 23:50"/),
  );
  assert.throws(() => ask({ follow: true, until: 'now' }), refused('BAD_ARGUMENT', /--until says nothing/));
  assert.throws(() => ask({ grep: '(' }), refused('BAD_PATTERN', /--grep is not valid.*backslash/));
  assert.throws(() => ask({ grep: '(?i)x' }), refused('BAD_PATTERN', /add -i/));
  assert.throws(() => ask({ grep: '[[:digit:]]+' }), refused('BAD_PATTERN', /\[:digit:\].*\\d for digits/));
  assert.equal(ask({ grep: '[[a:b]]' }).grep, '[[a:b]]');
  assert.throws(() => ask({ grep: '' }), refused('BAD_PATTERN', /empty/));
  assert.throws(() => ask({ grep: 'x'.repeat(1_025) }), refused('BAD_PATTERN', /1025 characters/));
  assert.throws(
    () => ask({ tail: 'web1' }),
    refused('BAD_ARGUMENT', /not a number of records \| nodes are chosen with -n/),
  );
  assert.throws(() => ask({ tail: '-1' }), refused('BAD_ARGUMENT', /--tail/));
  assert.throws(
    () => ask({ boot: 'last' }),
    refused('BAD_ARGUMENT', /not a boot \| write this \(or 0\), previous/),
  );
  assert.throws(() => ask({ fields: 'a b' }), refused('BAD_ARGUMENT', /--fields/));
  assert.throws(() => ask({ priority: 'loud' }), refused('BAD_ARGUMENT', /not a priority \| .*err \(3\)/));
});

test('a cursor gives back the places that it was made of', () => {
  const places = [
    { node: 'n1', source: '', cursor: 'f1:2z' },
    { node: 'n2', source: 'file/größe', cursor: 's=ab;i=1:0' },
  ];
  assert.deepEqual(readCursor(writeCursor(places) ?? ''), places);
  assert.deepEqual(
    readCursor(writeCursor([...places, { node: 'n3', source: '', cursor: '' }]) ?? ''),
    places,
  );
  assert.equal(writeCursor([{ node: 'n3', source: '', cursor: '' }]), undefined);
  assert.equal(
    writeCursor(
      Array.from({ length: 2_000 }, (_, at) => ({ node: `node-${at}`, source: '', cursor: 'x'.repeat(60) })),
    ),
    undefined,
  );
});

test('hostile cursors are refused', () => {
  const cursor = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const cases: [string, RegExp][] = [
    ['', /form/],
    ['not base64!', /form/],
    ['x'.repeat(LONGEST_CURSOR + 1), /form/],
    ['abcd', /damaged or cut off/],
    [cursor([1, ['n1', '', 'c:1']]).slice(0, -4), /damaged or cut off/],
    [cursor({}), /damaged/],
    [cursor(null), /damaged/],
    [cursor([]), /damaged/],
    [cursor([1]), /no node/],
    [cursor([2, ['n1', '', 'c:1']]), /version 2/],
    [cursor([1, ['n1', '', 7]]), /damaged/],
    [cursor([1, ['n1', 'c:1']]), /damaged/],
    [cursor([1, ['', '', 'c:1']]), /damaged/],
    [cursor([1, ['n1', '', '']]), /damaged/],
    [cursor([1, ['n1\x1b[2J', '', 'c:1']]), /damaged/],
    [cursor([1, ['n1', '', 'x'.repeat(2_000)]]), /damaged/],
    [cursor([1, ['n1', '', 'c:1'], ['n1', '', 'c:2']]), /twice/],
    [cursor([1, { length: 3 }]), /damaged/],
  ];
  for (const [text, why] of cases)
    assert.throws(() => readCursor(text), refused('BAD_CURSOR', why), text.slice(0, 40));
});
