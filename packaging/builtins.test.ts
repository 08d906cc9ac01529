/** Modules of Node by a call: every form of an import, and that nothing moves. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALL_BUILTIN, callBuiltins } from './builtins.ts';

const IMPORTS =
  'import{basename,join as join2}from"node:path";import fs from"node:fs";import*as os from"node:os";' +
  'import{Failure}from"./chunk-A.mjs";import{readFile as read}from"node:fs/promises";var text="from";';

test('imports of Node become calls as long as they were, and others stay', () => {
  const called = callBuiltins(IMPORTS, 4);
  assert.equal(called.length, IMPORTS.length);
  assert.ok(!/import[^;]*node:/.test(called), called);
  for (const kept of ['import{Failure}from"./chunk-A.mjs";', 'var text="from";'])
    assert.equal(called.indexOf(kept), IMPORTS.indexOf(kept));
});

test('the calls give what the imports gave', async () => {
  const program = callBuiltins(IMPORTS.replace(/import\{Failure[^;]*;/, ''), 4);
  const module = `${CALL_BUILTIN}${program}export default [basename("/a/b"),join2("a","b"),typeof fs.readFileSync,typeof os.cpus,typeof read];`;
  const { default: values } = await import(`data:text/javascript,${encodeURIComponent(module)}`);
  assert.deepEqual(values, ['b', 'a/b', 'function', 'function', 'function']);
});

test('a bundle whose imports are written in another way is refused', () => {
  assert.throws(() => callBuiltins('import { join } from "node:path";', 1), /0 imports.*esbuild has 1/);
});
