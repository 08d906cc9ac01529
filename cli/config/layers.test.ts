/** Layers become one document, contradictions are told, and each part knows the file that it came from. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { Failure } from '../../proto/failure.ts';
import { documentOf, readFolder } from './folder.ts';
import { gitState } from './git.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-layers-'));
after(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
const node = (name: string, labels: Record<string, string> = {}) => ({ name, labels, addresses: [] });
const made = async (name: string, labels?: Record<string, string>) =>
  (await documentOf(readFolder(folder), node(name, labels))).parsed.document;
async function problem(work: () => unknown): Promise<string> {
  try {
    await work();
    return '';
  } catch (error) {
    assert.equal(Failure.from(error).reason, 'BAD_DOCUMENT');
    return Failure.from(error).message.replaceAll(folder, '');
  }
}

test('base, role and node: maps merge, the rest replaces, null takes out', async () => {
  put(
    'base.yaml',
    'kernel: {sysctls: {vm.swappiness: 10, net.core.somaxconn: 128}}\nfiles: {/etc/motd: {content: hello}}\n',
  );
  put('roles/web.yaml', 'kernel: {sysctls: {net.core.somaxconn: 4096}}\n');
  put('nodes/web-1.yaml', 'hostname: web-1\nfiles: {/etc/motd: null}\n');
  const web = await made('web-1', { role: 'web' });
  assert.deepEqual(web.kernel?.sysctls, { 'vm.swappiness': '10', 'net.core.somaxconn': '4096' });
  assert.deepEqual(web.files, {});
  const db = await made('db-1', { role: 'db' });
  assert.deepEqual([db.hostname, db.kernel?.sysctls?.['net.core.somaxconn']], [undefined, '128']);
});

test('a layer says itself for which nodes it is', async () => {
  put('roles/rack-a.yaml', 'applies: {labels: "rack in (a,b)", nodes: "web-[1-2]"}\nhostname: here\n');
  put('base.yaml', '{}');
  assert.equal((await made('web-2', { rack: 'a' })).hostname, 'here');
  assert.equal((await made('web-3', { rack: 'a' })).hostname, undefined);
  assert.equal((await made('web-1', { rack: 'c' })).hostname, undefined);
});

test('two roles that contradict each other are told with both places; the node’s own layer settles it', async () => {
  put('roles/web.yaml', 'hostname: a\n');
  put('roles/x.yaml', 'applies: {labels: role=web}\nkernel: {}\nhostname: b\n');
  const work = () => made('web-1', { role: 'web' });
  assert.equal(
    await problem(work),
    '/roles/x.yaml:3:1: hostname is set in /roles/web.yaml:1:1 too, to another value',
  );
  put('roles/x.yaml', 'applies: {labels: role=web}\nhostname: a\n');
  assert.equal((await work()).hostname, 'a');
});

test('what is wrong is told in the layer that says it', async () => {
  put('base.yaml', 'kernel:\n  sysctls: {a.b: "1"}\n');
  put('roles/web.yaml', 'kernel:\n  commandLine: ["two words"]\n');
  assert.match(
    await problem(() => made('web-1', { role: 'web' })),
    /^\/roles\/web\.yaml:2:17: kernel\.commandLine\.0/,
  );
  put('other.yaml', '{}');
  assert.match(await problem(() => readFolder(folder)), /^\/other\.yaml is neither/);
  rmSync(join(folder, 'other.yaml'));
  put('roles/bad.yaml', 'applies: {node: a}\n');
  assert.match(
    await problem(() => readFolder(folder)),
    /^\/roles\/bad\.yaml:1:11: applies takes nodes and labels/,
  );
});

test('the example of the documentation is a fleet', async () => {
  const layers = readFolder(join(import.meta.dirname, '../../docs/examples/fleet'));
  const web = (await documentOf(layers, node('web-1', { role: 'web' }))).parsed.document;
  assert.equal(web.kernel?.sysctls?.['vm.swappiness'], '10');
  assert.equal(web.hostname, 'web-1');
  const db = (await documentOf(layers, node('db-1', { role: 'db' }))).parsed.document;
  assert.equal(db.kernel?.sysctls?.['vm.swappiness'], '60');
});

test('the commit, and whether there are changes beside it', async () => {
  assert.deepEqual(await gitState(folder, folder), { commit: '', dirty: false });
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
  put('base.yaml', '{}');
  git('init', '-q');
  git('add', '.');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-qm', 'first');
  const commit = git('rev-parse', 'HEAD').trim();
  assert.deepEqual(await gitState(folder, '.'), { commit, dirty: false });
  put('nodes/a.yaml', '{}');
  assert.deepEqual(await gitState(folder, '.'), { commit, dirty: true });
});
