import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeFolder } from './make-folder.ts';

let root = '';
before(() => {
  root = mkdtempSync(join(tmpdir(), 'nodectl-make-folder-'));
});
after(() => rmSync(root, { recursive: true }));

test('makes a folder and those above it, with the mode, and again without an error', () => {
  const path = join(root, 'a', 'b', 'c');
  makeFolder(path);
  makeFolder(path, 0o755);
  for (const made of [path, join(root, 'a', 'b'), join(root, 'a')])
    assert.equal(statSync(made).mode & 0o777, 0o700);
  symlinkSync(path, join(root, 'link'));
  makeFolder(join(root, 'link', 'd'));
  assert.ok(statSync(join(path, 'd')).isDirectory());
});

test('says what is in the way', () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  assert.throws(() => makeFolder(file), { code: 'EEXIST' });
  assert.throws(() => makeFolder(join(file, 'x', 'y')), { code: 'ENOTDIR' });
});

test('returns where the kernel makes no folders', () => {
  for (const path of ['/proc/nodectl-test/state', '/proc/nodectl-test', '/dev/fd/nodectl-test/state'])
    assert.throws(() => makeFolder(path), { code: 'ENOENT' }, path);
});
