/** ./nodectl at the top of the checkout: found and started from anywhere, with whatever Node the system has. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const top = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'nodectl launcher-'));
after(() => rmSync(folder, { recursive: true }));

function run(command: string, options: { cwd?: string; path?: string } = {}) {
  const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', command], {
    encoding: 'utf8',
    cwd: options.cwd ?? folder,
    env: { PATH: options.path ?? '/usr/bin:/bin', HOME: folder },
    timeout: 60_000,
  });
  return { stdout, stderr, status };
}

before(() => {
  // A Node that is too old, first on the path.
  mkdirSync(join(folder, 'old'));
  writeFileSync(join(folder, 'old', 'node'), '#!/bin/sh\n[ "$1" = --version ] && echo v18.0.0\nexit 9\n', {
    mode: 0o755,
  });
});

test('it runs from anywhere, through links, and whatever the system’s Node is', () => {
  symlinkSync(join(top, 'nodectl'), join(folder, 'first'));
  mkdirSync(join(folder, 'sub'));
  symlinkSync('../first', join(folder, 'sub', 'second'));
  const path = `${join(folder, 'old')}:/usr/bin:/bin`;
  const calls: [command: string, cwd?: string][] = [
    [`'${join(top, 'nodectl')}'`],
    ['./first'],
    ['sub/second'],
    ['./second', join(folder, 'sub')],
    ['sh nodectl', top],
    [`PATH="${join(folder, 'sub')}:$PATH"; second`],
  ];
  for (const [command, cwd] of calls) {
    const { stdout, stderr, status } = run(`${command} --version`, { path, ...(cwd ? { cwd } : {}) });
    assert.match(stdout, /^nodectl \d/, `${command}: ${stderr}`);
    assert.equal(status, 0);
  }
});

test('arguments and the exit status pass unchanged', () => {
  const { stderr, status } = run(`'${join(top, 'nodectl')}' 'a  b*' --config ''`);
  assert.match(stderr, /"a {2}b\*" is not a command/);
  assert.equal(status, 2);
});

test('without its packages it says what to do', () => {
  const checkout = join(folder, 'check out');
  mkdirSync(checkout);
  cpSync(join(top, 'nodectl'), join(checkout, 'nodectl'));
  const bare = run(`'${join(checkout, 'nodectl')}' --version`);
  assert.equal(bare.status, 1);
  assert.match(
    bare.stderr,
    /^error: nodectl cannot start: its packages are not installed in .*\n hint: .*npm ci\)\n$/,
  );

  mkdirSync(join(checkout, 'node_modules', 'commander'), { recursive: true });
  const old = run(`'${join(checkout, 'nodectl')}' --version`, {
    path: `${join(folder, 'old')}:/usr/bin:/bin`,
  });
  assert.equal(old.status, 1);
  assert.match(
    old.stderr,
    /is v18\.0\.0, which cannot run TypeScript\n hint: install Node 26, or run once: .*npm ci/,
  );
});

test('a link to itself ends', () => {
  symlinkSync('loop', join(folder, 'loop'));
  writeFileSync(join(folder, 'as-loop'), `exec /bin/sh '${join(top, 'nodectl')}'`);
  // The shell itself refuses to run such a link, so the launcher is handed it as its name.
  const { status, stderr } = run(`sh -c '. "${join(top, 'nodectl')}"' ./loop`);
  assert.equal(status, 1);
  assert.match(stderr, /too many symbolic links/);
});
