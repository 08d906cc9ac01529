import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { referencePages, stalePages } from './reference.ts';

test('docs/cli.md and the manual pages are current', () => {
  assert.deepEqual(stalePages(), [], 'run: npm run gen:docs');
});

test('a page that differs is found', () => {
  const pages = referencePages();
  pages.set('man/nodectl-get.1', 'another');
  pages.set('man/nodectl-new.1', 'new');
  pages.delete('man/nodectl-check.1');
  const stale = stalePages(pages);
  for (const path of ['man/nodectl-get.1', 'man/nodectl-new.1', 'man/nodectl-check.1'])
    assert.ok(stale.includes(path));
});

const groff = spawnSync('groff', ['--version']).status === 0;

test('troff finds nothing wrong in a manual page', { skip: groff ? false : 'groff is not installed' }, () => {
  for (const [path, text] of referencePages()) {
    if (!path.startsWith('man')) continue;
    const { stderr, stdout } = spawnSync('groff', ['-man', '-Tutf8', '-P-cbou', '-ww', '-k'], {
      input: text,
      encoding: 'utf8',
    });
    assert.equal(stderr, '', path);
    assert.match(stdout, /SYNOPSIS/, path);
  }
});
