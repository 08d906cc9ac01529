/** Config documents over real mutual TLS: applied, tried and lost, drifting and corrected, sealed and never seen. */

import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from '../../cli/testing/run.ts';
import { openChannel } from '../../proto/call/open.ts';
import { Lab } from '../lab/lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-config-e2e-'));
const contextsFile = join(folder, 'config.yaml');
let lab: Lab;
before(async () => {
  lab = await Lab.start({ folder: join(folder, 'lab'), nodes: 2, contextsFile });
});
after(async () => {
  await lab?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const nodectl = (...argv: string[]) =>
  runCli(argv, { env: { NODECTL_CONFIG: contextsFile }, open: openChannel });
const root = (node: string, path: string) => join(folder, 'lab/nodes', node, 'root', path);
const read = (node: string, path: string) => readFileSync(root(node, path), 'utf8');

function put(name: string, body: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, body);
  return path;
}
const document = (body: string) => `apiVersion: nodectl.dev/v1\nkind: Node\n${body}`;

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(100);
}

test('a folder of layers: planned, applied, unchanged; a pipeline tells the three apart', async () => {
  put(
    'fleet/base.yaml',
    'files:\n  /etc/motd: {content: "for all\\n"}\nkernel: {sysctls: {vm.swappiness: 10}}\n',
  );
  put('fleet/roles/web.yaml', 'kernel: {sysctls: {vm.swappiness: 20}}\n');
  put('fleet/nodes/db-1.yaml', 'hostname: db-1\n');
  const fleet = join(folder, 'fleet');
  assert.equal((await nodectl('config', 'diff', '-f', fleet, '--all')).status, 8);
  const applied = await nodectl('config', 'apply', '-f', fleet, '--all', '--yes', '--message', 'first');
  assert.equal(applied.status, 0, applied.stderr);
  assert.deepEqual(
    [read('web-1', 'proc/sys/vm/swappiness'), read('db-1', 'proc/sys/vm/swappiness')],
    ['20\n', '10\n'],
  );
  assert.equal((await nodectl('config', 'diff', '-f', fleet, '--all')).status, 0);
  put('fleet/roles/web.yaml', 'kernel: {sysctls: {vm.swappiness: [1]}}\n');
  const broken = await nodectl('config', 'diff', '-f', fleet, '--all');
  assert.equal(broken.status, 2);
  assert.match(broken.stderr, /roles\/web\.yaml:1:.*\[BAD_DOCUMENT\]/s);
  assert.equal((await nodectl('config', 'validate', '-f', fleet)).status, 2);
  // sshd was on, and nothing in the document wanted it: that was said.
  assert.match(applied.stderr, /unit\/ssh\.service[\s\S]*not masked -> masked/);
});

test('what is checked without a node is chosen as everywhere', async () => {
  const fleet = join(folder, 'chosen');
  put('chosen/base.yaml', 'kernel: {sysctls: {vm.swappiness: 10}}\n');
  put('chosen/roles/db.yaml', 'kernel: {sysctls: {vm.swappiness: [1]}}\n');
  const validate = (...more: string[]) => nodectl('config', 'validate', '-f', fleet, ...more);
  assert.equal((await validate()).status, 2);
  const web = await validate('-l', 'role=web');
  assert.equal(web.status, 0, web.stderr);
  assert.match(web.stderr, /valid for one node/);
  assert.match((await validate('-l', 'role=none')).stderr, /NO_TARGET/);
});

test('what no capture describes is said once for all nodes that have it', async () => {
  const { stderr } = await nodectl('config', 'capture', '-n', 'web-1,db-1');
  const sentences = stderr.split('\n').flatMap((row) => /left out: (.*)/.exec(row)?.[1] ?? []);
  assert.ok(sentences.length > 0, stderr);
  assert.equal(new Set(sentences).size, sentences.length, stderr);
});

test('a second change that was made from an old revision is refused; history says who and why', async () => {
  const file = put('one.yaml', document('files: {/etc/a: {content: a}}'));
  assert.equal(
    (await nodectl('config', 'apply', '-f', file, '-n', 'web-1', '--yes', '--message', 'why not')).status,
    0,
  );
  const { stdout } = await nodectl('config', 'history', '-n', 'web-1', '-o', 'jsonl');
  const [newest] = stdout.split('\n').map((line) => line && JSON.parse(line));
  assert.equal(newest.origin.author, 'nodectl://operator/lab-admin/admin');
  assert.equal(newest.origin.message, 'why not');
  const rolled = await nodectl('config', 'rollback', '-n', 'web-1', '--yes');
  assert.equal(rolled.status, 0, rolled.stderr);
  assert.equal(read('web-1', 'etc/motd'), 'for all\n');
  assert.ok(!existsSync(root('web-1', 'etc/a')));
});

test('a trial that nobody confirms is put back by the node itself; one that is confirmed stays', async () => {
  const file = put('try.yaml', document('files: {/etc/motd: {content: "tried\\n"}}'));
  const apply = (...more: string[]) =>
    nodectl(
      'config',
      'apply',
      '-f',
      file,
      '-n',
      'web-1',
      '--mode',
      'try',
      '--trial-time',
      '10s',
      '--yes',
      ...more,
    );
  const before = read('web-1', 'etc/motd');
  const tried = await apply();
  assert.match(tried.stderr, /web-1: 3 changes, tried, and put back unless it is confirmed/);
  assert.match(tried.stderr, /nodectl config confirm -n web-1/);
  assert.equal(read('web-1', 'etc/motd'), 'tried\n');
  const meanwhile = await apply();
  assert.match(meanwhile.stderr, /a trial runs on this node already, of revision \d+ \[TRIAL_RUNNING\]/);
  // What is on the machine meanwhile is what the document says, and goes away again: no plan says "nothing to change".
  assert.doesNotMatch(meanwhile.stderr, /nothing to change/);
  await until(() => read('web-1', 'etc/motd') === before);
  const { stdout } = await nodectl('config', 'history', '-n', 'web-1');
  assert.match(stdout, /reverted/);
  assert.equal((await apply('--confirm')).status, 0);
  await sleep(300);
  assert.equal(read('web-1', 'etc/motd'), 'tried\n');
});

test('drift is seen by itself, told with the node, and corrected where the document says so; corrections are audited', async () => {
  const file = put('drift.yaml', document('files: {/etc/motd: {content: "ours\\n"}}'));
  await nodectl('config', 'apply', '-f', file, '-n', 'db-1', '--yes');
  writeFileSync(root('db-1', 'etc/motd'), 'theirs\n');
  await until(async () => (await nodectl('config', 'drift', '-n', 'db-1')).status === 10);
  assert.match((await nodectl('get', 'nodes', '-n', 'db-1')).stdout, /WARNING/);
  const correct = put(
    'correct.yaml',
    document('drift: {policy: correct}\nfiles: {/etc/motd: {content: "ours\\n"}}'),
  );
  await nodectl('config', 'apply', '-f', correct, '-n', 'db-1', '--yes');
  assert.equal(read('db-1', 'etc/motd'), 'ours\n');
  await sleep(1_500);
  writeFileSync(root('db-1', 'etc/motd'), 'theirs again\n');
  await until(() => read('db-1', 'etc/motd') === 'ours\n');
  assert.match((await nodectl('audit', '-n', 'db-1')).stdout, /config\/Correct/);
});

test('a reader plans and reads, and changes nothing', async () => {
  const { addContext } = await import('../../cli/context/edit.ts');
  const nodes = [...lab.addresses].map(([name, address]) => ({ name, addresses: [address], labels: {} }));
  const credential = join(folder, 'lab/lab-reader.pem');
  await addContext(contextsFile, 'reader', { trust: join(folder, 'lab/pki/root.crt'), credential, nodes });
  const file = put('reader.yaml', document('files: {/etc/motd: {content: "no\\n"}}'));
  const as = (...argv: string[]) => nodectl(...argv, '--context', 'reader', '-n', 'web-1');
  assert.equal((await as('config', 'diff', '-f', file)).status, 8);
  const refused = await as('config', 'apply', '-f', file, '--yes');
  assert.equal(refused.status, 4);
  assert.match(refused.stderr, /PERMISSION_DENIED/);
});

test('a secret that was planted is in no output, log, audit or revision, and opens on its node alone', async () => {
  const secret = 'Xk9-planted-secret-7Qm';
  const value = put('token', secret);
  const file = put('sealed.yaml', document('files: {/etc/app/token: {content: placeholder, mode: "0400"}}'));
  const seen: string[] = [];
  const run = async (...argv: string[]) => {
    const { stdout, stderr, status } = await nodectl(...argv);
    seen.push(stdout, stderr);
    return { stdout, stderr, status };
  };
  await run('config', 'seal', '/etc/app/token', '-f', file, '-n', 'web-1', '--value-file', value);
  seen.push(readFileSync(file, 'utf8'));
  await run('config', 'apply', '-f', file, '-n', 'web-1', '--dry-run');
  await run('config', 'apply', '-f', file, '-n', 'web-1', '--yes');
  assert.equal(read('web-1', 'etc/app/token'), secret);
  assert.equal(statSync(root('web-1', 'etc/app/token')).mode & 0o777, 0o400);
  rmSync(root('web-1', 'etc/app/token'));
  writeFileSync(root('web-1', 'etc/app/token'), 'overwritten');
  for (const format of ['table', 'json', 'yaml']) {
    await run('config', 'drift', '--refresh', '-n', 'web-1', '-o', format);
    await run('config', 'history', '-n', 'web-1', '-o', format);
    await run('config', 'diff', '-f', file, '-n', 'web-1', '-o', format);
  }
  await run('config', 'get', '-n', 'web-1');
  await run('config', 'capture', '-n', 'web-1');
  await run('audit', '-n', 'web-1', '-o', 'json');
  const moved = put('moved.yaml', readFileSync(file, 'utf8').replace('/etc/app/token', '/etc/app/other'));
  assert.match((await run('config', 'apply', '-f', moved, '-n', 'web-1', '--yes')).stderr, /SEAL_NOT_OPENED/);
  const other = await run('config', 'apply', '-f', file, '-n', 'db-1', '--yes');
  assert.match(other.stderr, /SEAL_NOT_OPENED/);
  seen.push(readFileSync(join(folder, 'lab/agents.log'), 'utf8'));
  const kept = join(folder, 'lab/nodes/web-1/config');
  for (const part of ['documents', 'revisions'])
    for (const name of readdirSync(join(kept, part))) seen.push(readFileSync(join(kept, part, name), 'utf8'));
  const audit = join(folder, 'lab/nodes/web-1/audit');
  for (const name of readdirSync(audit)) seen.push(readFileSync(join(audit, name), 'utf8'));
  assert.ok(seen.length > 25);
  for (const text of seen)
    assert.ok(!text.includes(secret) && !text.includes(Buffer.from(secret).toString('base64')));
});
