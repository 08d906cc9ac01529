/** Paths that try to lead elsewhere, and things that are no plain files. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { HostFiles } from './host-files.ts';

const top = mkdtempSync(join(tmpdir(), 'nodectl-host-files-'));
after(() => rmSync(top, { recursive: true }));
const root = join(top, 'root');
for (const folder of ['etc', 'proc/sys/vm', 'proc/1', 'sys/class', 'dev', 'var/lib/nodectl', 'home'])
  mkdirSync(join(root, folder), { recursive: true });
writeFileSync(join(root, 'proc/sys/vm/swappiness'), '60\n');
writeFileSync(join(root, 'proc/1/oom_score_adj'), '0\n');
writeFileSync(join(top, 'outside'), 'outside\n');
const files = new HostFiles(root, ['/var/lib/nodectl']);
const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
const file = (text: string) => ({ kind: 'file', content: Buffer.from(text), mode: 0o644, uid, gid }) as const;
const refused = (work: () => unknown, why: RegExp) =>
  assert.throws(
    work,
    (error) => error instanceof Failure && error.reason === 'HOST_CHANGE_FAILED' && why.test(error.message),
  );

test('folders of the kernel and of the agent hold no managed files, whichever way they are named', () => {
  symlinkSync('/proc', join(root, 'etc/absolute'));
  symlinkSync('../proc', join(root, 'etc/kernel'));
  symlinkSync('../var/lib/nodectl', join(root, 'etc/state'));
  for (const path of [
    ...['/proc/1/oom_score_adj', '/proc/sys/vm/swappiness', '/sys/class/x', '/dev/null', '/dev', '/proc'],
    ...[
      '/etc/kernel/1/oom_score_adj',
      '/var/lib/nodectl/node.key',
      '/etc/state/node.key',
      '/var/lib/nodectl',
    ],
  ]) {
    refused(() => files.state(path), /is a file of the config/);
    refused(() => files.set(path, file('x')), /is a file of the config/);
    refused(() => files.set(path, { kind: 'absent' }), /is a file of the config/);
  }
  assert.deepEqual(readdirSync(join(root, 'var/lib/nodectl')), []);
  // Names that only begin like them are others.
  files.set('/process', file('x'));
  files.set('/var/lib/nodectl-else', file('x'));
});

test('links lead nowhere out of the root', () => {
  symlinkSync(top, join(root, 'etc/out'));
  symlinkSync('../../..', join(root, 'etc/up'));
  symlinkSync('loop', join(root, 'etc/loop'));
  symlinkSync('nowhere', join(root, 'etc/dangling'));
  for (const path of ['/etc/out/outside', '/etc/out/new', '/etc/up/etc/x', '/etc/../../outside'])
    refused(() => files.set(path, file('x')), /leads out/);
  refused(() => files.state('/etc/loop/x'), /ELOOP/);
  refused(() => files.set('/etc/dangling/x', file('x')), /EEXIST/);
  assert.equal(readFileSync(join(top, 'outside'), 'utf8'), 'outside\n');
  // A link as the file itself is replaced, and what it led to stays.
  symlinkSync(join(top, 'outside'), join(root, 'etc/link'));
  assert.deepEqual(files.state('/etc/link'), { kind: 'link', target: join(top, 'outside') });
  files.set('/etc/link', file('mine'));
  assert.equal(readFileSync(join(top, 'outside'), 'utf8'), 'outside\n');
});

test('settings are written below /proc/sys alone, and into nothing that is a link', () => {
  files.setInPlace('/proc/sys/vm/swappiness', '5\n');
  assert.equal(readFileSync(join(root, 'proc/sys/vm/swappiness'), 'utf8'), '5\n');
  refused(() => files.setInPlace('/proc/sys/../1/oom_score_adj', '1'), /is not in/);
  refused(() => files.setInPlace('/proc/sys/vm/../../1/oom_score_adj', '1'), /is not in/);
  refused(() => files.setInPlace('/proc/sys/vm/none', '1'), /ENOENT/);
  symlinkSync('../../1/oom_score_adj', join(root, 'proc/sys/vm/link'));
  refused(() => files.setInPlace('/proc/sys/vm/link', '1'), /ELOOP/);
  assert.equal(readFileSync(join(root, 'proc/1/oom_score_adj'), 'utf8'), '0\n');
});

test('folders, pipes and what stands where a folder should be are told and left alone', () => {
  mkdirSync(join(root, 'etc/folder'));
  assert.deepEqual(files.state('/etc/folder'), { kind: 'other', what: 'a folder' });
  refused(() => files.set('/etc/folder', file('x')), /folder/);
  refused(() => files.set('/etc/folder', { kind: 'absent' }), /EISDIR|EPERM|ENOTEMPTY|directory/);
  assert.equal(spawnSync('mkfifo', [join(root, 'etc/pipe')]).status, 0);
  assert.deepEqual(files.state('/etc/pipe'), { kind: 'other', what: 'no plain file' });
  files.set('/etc/plain', file('x'));
  refused(() => files.state('/etc/plain/x'), /ENOTDIR/);
  refused(() => files.set('/etc/plain/x', file('x')), /ENOTDIR/);
});

test('the longest names can be written, and what a killed writer left goes with the next write or removal', () => {
  const name = 'é'.repeat(127);
  files.set(`/etc/names/${name}`, file('x'));
  assert.deepEqual(readdirSync(join(root, 'etc/names')), [name]);
  refused(() => files.set(`/etc/names/${'x'.repeat(256)}`, file('x')), /ENAMETOOLONG/);
  let stray = '';
  const folder = join(root, 'etc/names');
  // Where it is written: the name is the writer's own, so it is looked at while it writes into a full file system of none.
  refused(() => {
    const write = files.set.bind(files);
    write(`/etc/names/${name}`, { kind: 'file', content: Buffer.from('x'), mode: 0o644, uid: -2, gid });
  }, /./);
  assert.deepEqual(readdirSync(folder), [name], 'what fails leaves nothing beside');
  stray = join(folder, '.nodectl-stray');
  writeFileSync(stray, '');
  files.set(`/etc/names/${name}`, file('y'));
  assert.ok(existsSync(stray), 'files of others stay');
});

test('whether everybody may read a file depends on the folders above it as well', () => {
  mkdirSync(join(root, 'etc/closed'), { mode: 0o700 });
  files.set('/etc/closed/a', file('x'));
  files.set('/etc/open', file('x'));
  files.set('/etc/secret', { ...file('x'), mode: 0o640 });
  assert.deepEqual(
    ['/etc/closed/a', '/etc/open', '/etc/secret', '/etc/none'].map((path) => files.isPublic(path)),
    [false, true, false, false],
  );
});

test('folders that were made are named, and removed when they are empty again', () => {
  assert.deepEqual(files.missingFolders('/etc/a/b/c'), ['/etc/a', '/etc/a/b']);
  files.set('/etc/a/b/c', file('x'));
  files.removeEmpty(['/etc/a', '/etc/a/b']);
  assert.ok(existsSync(join(root, 'etc/a/b/c')));
  files.set('/etc/a/b/c', { kind: 'absent' });
  files.removeEmpty(['/etc/a', '/etc/a/b']);
  assert.ok(!existsSync(join(root, 'etc/a')));
});
