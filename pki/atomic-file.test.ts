import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isStray, removeStrays, writeFileAtomic } from './atomic-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-atomic-'));
after(() => rmSync(folder, { recursive: true }));

test('a file is replaced whole, with the mode asked for', () => {
  const path = join(folder, 'file');
  const umask = process.umask(0o077);
  try {
    writeFileAtomic(path, 'old');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    chmodSync(path, 0o666);
    writeFileAtomic(path, Buffer.from('new'));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    writeFileAtomic(path, 'open', 0o644);
    assert.equal(statSync(path).mode & 0o777, 0o644);
    assert.equal(readFileSync(path, 'utf8'), 'open');
  } finally {
    process.umask(umask);
  }
});

test('a write that fails leaves the old content and no stray file', () => {
  const path = join(folder, 'taken');
  mkdirSync(join(path, 'sub'), { recursive: true });
  const before = readdirSync(folder);
  assert.throws(() => writeFileAtomic(path, 'x'), { code: /EISDIR|ENOTEMPTY|EEXIST/ });
  assert.deepEqual(readdirSync(folder), before);
  assert.throws(() => writeFileAtomic(join(folder, 'missing', 'x'), 'x'), { code: 'ENOENT' });
});

test('what killed writers left is removed, and nothing else', async () => {
  const child = spawn('sleep', ['60']);
  try {
    const gone = spawn('true');
    await once(gone, 'exit');
    const names = {
      dead: `a.key.${gone.pid}.0123abcd.tmp`,
      ours: `a.key.${process.pid}.0123abcd.tmp`,
      alive: `a.key.${child.pid}.0123abcd.tmp`,
      other: `b.key.${gone.pid}.0123abcd.tmp`,
      file: 'a.key',
      like: 'a.key.tmp',
    };
    const here = mkdtempSync(join(folder, 'strays-'));
    for (const name of Object.values(names)) writeFileSync(join(here, name), 'x');
    removeStrays(here, ['a.key']);
    assert.deepEqual(readdirSync(here).sort(), [names.alive, names.other, names.file, names.like].sort());
    assert.ok(isStray(names.dead) && !isStray(names.like) && !isStray(names.file));
  } finally {
    child.kill();
  }
});

test('what is no plain file is never replaced by one', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const link = join(folder, 'to-pipe');
  symlinkSync(pipe, link);
  for (const path of [pipe, link])
    assert.throws(() => writeFileAtomic(path, 'x'), { code: 'ENOTFILE', path, message: /no plain file/ });
  assert.ok(statSync(pipe).isFIFO());
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.throws(() => writeFileAtomic(folder, 'x'), { code: 'EISDIR' });
  assert.deepEqual(readdirSync(folder).filter(isStray), []);
});

test('a reader never sees a part while another process writes without end, and dies', {
  timeout: 20_000,
}, async () => {
  const path = join(folder, 'busy');
  const contents = [0, 1].map((n) => String(n).repeat(200_000));
  writeFileAtomic(path, contents[0] ?? '');
  const script = `
    import { writeFileAtomic } from ${JSON.stringify(new URL('atomic-file.ts', import.meta.url).href)};
    process.stdout.write('up');
    for (let n = 0; ; n++) writeFileAtomic(${JSON.stringify(path)}, String(n % 2).repeat(200_000));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const seen = new Set<string>();
  for (let n = 0; n < 300 || seen.size < 2; n++) {
    const text = readFileSync(path, 'utf8');
    assert.ok(contents.includes(text), `a file of ${text.length} characters`);
    seen.add(text.slice(0, 1));
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(contents.includes(readFileSync(path, 'utf8')));
  removeStrays(folder, ['busy']);
  assert.deepEqual(readdirSync(folder).filter(isStray), []);
});
