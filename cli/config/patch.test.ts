/** Patches, by the examples of their RFCs, and that comments stay. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { Failure } from '../../proto/failure.ts';
import { patched } from './patch.ts';

const apply = (value: unknown, patch: unknown) =>
  parse(patched(JSON.stringify(value), JSON.stringify(patch)));

test('merge patches (RFC 7396, appendix A)', () => {
  for (const [before, patch, after] of [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])
    assert.deepEqual(apply(before, patch), after);
});

test('JSON patches (RFC 6902, appendix A)', () => {
  for (const [before, patch, after] of [
    [{ foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { foo: 'bar', baz: 'qux' }],
    [{ foo: ['bar', 'baz'] }, [{ op: 'add', path: '/foo/1', value: 'qux' }], { foo: ['bar', 'qux', 'baz'] }],
    [{ foo: ['bar'] }, [{ op: 'add', path: '/foo/-', value: ['abc'] }], { foo: ['bar', ['abc']] }],
    [{ baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    [{ foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
    [{ baz: 'qux' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo' }],
    [
      { foo: { bar: 1 }, qux: { c: 2 } },
      [{ op: 'move', from: '/foo/bar', path: '/qux/t' }],
      { foo: {}, qux: { c: 2, t: 1 } },
    ],
    [{ '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
  ])
    assert.deepEqual(apply(before, patch), after);
});

test('what does not fit is refused', () => {
  const refused = (patch: unknown) =>
    assert.throws(
      () => apply({ a: [1] }, patch),
      (error) => Failure.from(error).reason === 'BAD_ARGUMENT',
    );
  refused([{ op: 'test', path: '/a', value: 2 }]);
  refused([{ op: 'remove', path: '/b' }]);
  refused([{ op: 'add', path: '/a/7', value: 2 }]);
  refused([{ op: 'add', path: '/b/c', value: 2 }]);
  refused([{ op: 'swap', path: '/a' }]);
  refused('text');
  assert.throws(() => patched('a: 1', '{'), /no YAML/);
});

test('comments stay', () => {
  assert.equal(patched('# why\na: 1 # this\nb: 2\n', '{b: 3}'), '# why\na: 1 # this\nb: 3\n');
});
