import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../proto/failure.ts';
import type { Reason } from '../proto/reasons.ts';
import { FakeFleet, nodeAnswer, versionAnswer } from './testing/fleet.ts';
import { MemorySink, runCli } from './testing/run.ts';

const answers = (node: string) => ({
  WhoAmI: () => ({ node, name: 'alice\x9b2J\u202e', role: 'reader', serial: '01', notAfter: 4_000_000_000 }),
  GetNode: () => nodeAnswer(node),
  GetVersion: () => versionAnswer(node),
});
const fleet = new FakeFleet({
  'web-1': { answers: answers('web-1') },
  'web-2': { answers: answers('web-2') },
  'web-3': { hangs: true },
});
after(() => fleet.remove());

test('without arguments there is help, and it is no error', async () => {
  const { status, stdout, stderr } = await runCli([]);
  assert.equal(status, 0);
  assert.match(stdout, /^Manage Linux nodes/);
  assert.equal(stderr, '');
});

test('the version of nodectl itself', async () => {
  assert.match((await runCli(['--version'])).stdout, /^nodectl \d+\.\d+\.\d+\n$/);
});

/** Exit statuses for what a node answers with. */
const STATUSES: [reason: Reason, status: number][] = [
  ['INTERNAL', 1],
  ['UNKNOWN_SOURCE', 1],
  ['BAD_ARGUMENT', 2],
  ['PERMISSION_DENIED', 4],
  ['CERTIFICATE_EXPIRED', 4],
  ['CONNECTION_REFUSED', 5],
  ['BAD_CONFIG', 6],
  ['DEADLINE_EXCEEDED', 7],
];

for (const [reason, status] of STATUSES)
  test(`${reason} of every node is status ${status}, and 3 where another one succeeded`, async () => {
    const bad = { unreachable: new Failure(reason, 'it failed') };
    const mixed = new FakeFleet({ a: bad, b: bad, c: { answers: answers('c') } });
    try {
      const run = (...argv: string[]) =>
        runCli(['get', 'nodes', ...argv], { env: mixed.env, open: mixed.connect });
      assert.equal((await run('-n', 'a,b')).status, status);
      assert.equal((await run()).status, 3);
      assert.equal((await run('-n', 'c')).status, 0);
    } finally {
      mixed.remove();
    }
  });

test('nodes that fail in different ways are status 1', async () => {
  const mixed = new FakeFleet({
    a: { unreachable: new Failure('CONNECTION_REFUSED', 'nobody there') },
    b: { unreachable: new Failure('PERMISSION_DENIED', 'not you') },
  });
  const { status, stderr } = await runCli(['get', 'nodes'], { env: mixed.env, open: mixed.connect });
  mixed.remove();
  assert.equal(status, 1);
  assert.match(stderr, /CONNECTION_REFUSED/);
  assert.match(stderr, /PERMISSION_DENIED/);
});

test('Ctrl-C ends every call and is status 130', async () => {
  const running = runCli(['get', 'nodes'], { env: fleet.env, open: fleet.connect });
  setTimeout(() => process.emit('SIGINT', 'SIGINT'), 50);
  const { status, stdout } = await running;
  assert.equal(status, 130);
  assert.equal(stdout, '');
  assert.equal(fleet.open, 0);
  assert.equal(process.listenerCount('SIGINT'), 0);
});

test('a command that ends by itself when interrupted is status 130 too', async () => {
  const running = runCli(['check', '-n', 'web-3'], { env: fleet.env, open: fleet.connect });
  setTimeout(() => process.emit('SIGINT', 'SIGINT'), 50);
  assert.equal((await running).status, 130);
});

test('a reader that has enough ends the command quietly', async () => {
  const stdout = new MemorySink();
  stdout.onWrite = () => stdout.fail('EPIPE');
  // With web-3 it would go on for ever: it ends because the first line could not be written.
  const { status, stderr } = await runCli(['whoami', '-o', 'jsonl'], {
    env: fleet.env,
    open: fleet.connect,
    stdout,
  });
  assert.equal(status, 0);
  assert.equal(stderr, '');
  assert.equal(fleet.open, 0);
});

test('output that cannot be written is an error', async () => {
  const stdout = new MemorySink();
  stdout.onWrite = () => stdout.fail('ENOSPC');
  const { status, stderr } = await runCli(['get', 'nodes', '-n', 'web-1'], {
    env: fleet.env,
    open: fleet.connect,
    stdout,
  });
  assert.equal(status, 1);
  assert.match(stderr, /the output could not be written: write ENOSPC/);
});

test('a path that cannot be used is not called a defect of nodectl', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-paths-'));
  const run = (...argv: string[]) => runCli(argv, { env: { NODECTL_PKI: join(folder, 'pki') } });
  const made = await run('pki', 'init', '--plain-keys', '--dir', '/dev/null/pki');
  assert.equal(made.status, 1);
  assert.match(made.stderr, /ENOTDIR.*\n hint: is that path right, may you use it, and has its disk room;/);
  assert.equal((await run('pki', 'init', '--plain-keys')).status, 0);
  for (const [out, why] of [
    [join(folder, 'absent', 'x.pem'), 'there is no such folder'],
    [folder, 'there is a folder of that name'],
  ] as const) {
    const { status, stderr } = await run('pki', 'operator', 'x', '--out', out);
    assert.equal(status, 2);
    assert.ok(
      stderr.startsWith(`error: the credential ${out} cannot be written: ${why} [BAD_ARGUMENT]\n hint: `),
    );
    assert.match(stderr, /--out/);
  }
  rmSync(folder, { recursive: true });
});

test('a credential is not written over a file that is there, unless that is agreed to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-out-'));
  const run = (...argv: string[]) => runCli(argv, { env: { NODECTL_PKI: join(folder, 'pki') } });
  assert.equal((await run('pki', 'init', '--plain-keys')).status, 0);
  const out = join(folder, 'notes.txt');
  writeFileSync(out, 'dear to somebody');
  const refused = await run('pki', 'operator', 'x', '--out', out);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /notes.txt is there already/);
  assert.equal(readFileSync(out, 'utf8'), 'dear to somebody');
  assert.equal((await run('pki', 'operator', 'x', '--out', out, '--yes')).status, 0);
  assert.match(readFileSync(out, 'utf8'), /PRIVATE KEY/);
  rmSync(folder, { recursive: true });
});

test('the issuer’s denylist is kept beside it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-denylist-'));
  const run = (...argv: string[]) => runCli(['pki', ...argv], { env: { NODECTL_PKI: join(folder, 'pki') } });
  assert.notEqual((await run('deny', 'nodectl://operator/eve')).status, 0);
  assert.equal((await run('init', '--plain-keys')).status, 0);
  assert.match((await run('denied')).stderr, /denies nobody/);
  assert.equal((await run('deny', 'nodectl://operator/eve/admin', '--reason', 'lost')).status, 0);
  const [entry] = JSON.parse((await run('denied', '-o', 'json')).stdout).items;
  assert.deepEqual([entry.subject, entry.reason], ['nodectl://operator/eve', 'lost']);
  assert.match((await run('deny', 'eve')).stderr, /names nobody who could be denied/);
  assert.equal((await run('allow', 'nodectl://operator/eve')).status, 0);
  assert.match((await run('allow', 'nodectl://operator/eve')).stderr, /is not on the issuer’s denylist/);
  assert.match((await run('denied')).stderr, /denies nobody/);
  rmSync(folder, { recursive: true });
});

test('what is not there is said of the nodes that answered alone', async () => {
  const some = new FakeFleet({
    up: { answers: { ListDenied: () => ({ denied: [] }) } },
    down: { unreachable: new Failure('CONNECTION_REFUSED', 'nothing listens there') },
  });
  const run = (...argv: string[]) => runCli(argv, { env: some.env, open: some.connect });
  assert.match((await run('access', 'list', '-n', 'up')).stderr, /^Nothing is denied\.$/m);
  const partly = await run('access', 'list', '--all');
  assert.match(partly.stderr, /^On the nodes that answered: nothing is denied\.$/m);
  assert.match(partly.stderr, /nothing listens there/);
  some.remove();
});

test('colour is for terminals, and the flag goes before the environment', async () => {
  const run = (options: object, ...argv: string[]) =>
    runCli(['get', 'nodes', '-n', 'web-1', ...argv], { open: fleet.connect, env: fleet.env, ...options });
  const coloured = async (options: object, ...argv: string[]) =>
    (await run(options, ...argv)).stdout.includes('\x1b[');
  const env = (more: Record<string, string>) => ({ env: { ...fleet.env, ...more } });
  assert.equal(await coloured({}), false);
  assert.equal(await coloured({ columns: 80 }), true);
  assert.equal(await coloured({ columns: 80, ...env({ NO_COLOR: '1' }) }), false);
  assert.equal(await coloured({ columns: 80, ...env({ TERM: 'dumb' }) }), false);
  assert.equal(await coloured(env({ FORCE_COLOR: '1' })), true);
  assert.equal(await coloured(env({ FORCE_COLOR: '0' })), false);
  assert.equal(await coloured(env({ NO_COLOR: '1' }), '--color', 'always'), true);
  assert.equal(await coloured({ columns: 80 }, '--color=never'), false);
  assert.equal(await coloured({ columns: 80 }, '--no-color'), false);
});

test('what a program reads never holds colour, whatever is asked for', async () => {
  for (const format of ['json', 'jsonl', 'yaml', 'name', 'jsonpath=.items[*].node']) {
    const { stdout } = await runCli(['get', 'nodes', '-n', 'web-1', '--color', 'always', '-o', format], {
      env: fleet.env,
      open: fleet.connect,
    });
    assert.ok(!stdout.includes('\x1b'), format);
  }
});

test('on a terminal JSON holds nothing that a terminal would obey, and is the same JSON', async () => {
  for (const format of ['json', 'jsonl', 'yaml', 'jsonpath=.items[0].name', 'table']) {
    const run = (columns?: number) =>
      runCli(['whoami', '-n', 'web-1', '--no-color', '-o', format], {
        env: fleet.env,
        open: fleet.connect,
        ...(columns ? { columns } : {}),
      });
    const shown = await run(100);
    assert.ok(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(shown.stdout), format);
    if (format === 'json') assert.deepEqual(JSON.parse(shown.stdout), JSON.parse((await run()).stdout));
  }
});

test('NODECTL_NODES is for commands that read alone', async () => {
  const env = { ...fleet.env, NODECTL_NODES: 'web-1' };
  const names = await runCli(['get', 'nodes', '-o', 'name'], { env, open: fleet.connect });
  assert.equal(names.stdout, 'web-1\n');
  const other = await runCli(['get', 'nodes', '-o', 'name', '-n', 'web-2'], { env, open: fleet.connect });
  assert.equal(other.stdout, 'web-2\n');
  const change = await runCli(['access', 'deny', 'nodectl://operator/eve', '--yes'], {
    env,
    open: fleet.connect,
  });
  assert.equal(change.status, 2);
  assert.match(change.stderr, /NO_TARGET/);
});

test('nothing is called where the command line is not valid', async () => {
  fleet.calls.length = 0;
  const invalid = [
    ['get', 'nodes', '-o', 'jsonpath=[', '-n', 'web-1'],
    ['get', 'nodes', '-n', 'web-1', '--parallel', '0'],
    ['whoami', '-n', 'web-1', '-o', 'xml'],
    ['version', '-n', 'web-1', '--timeout', '0s'],
    ['version', '-n', 'web-1', '--timeout', '9999w'],
  ];
  for (const argv of invalid) {
    const { status, stdout } = await runCli(argv, { env: fleet.env, open: fleet.connect });
    assert.equal(status, 2, argv.join(' '));
    assert.equal(stdout, '');
  }
  assert.deepEqual(fleet.calls, []);
});

test('a contexts file that others can read is warned of, on stderr', async () => {
  chmodSync(fleet.contextsFile, 0o644);
  const { status, stdout, stderr } = await runCli(['nodes', 'list', '-o', 'name'], { env: fleet.env });
  chmodSync(fleet.contextsFile, 0o600);
  assert.equal(status, 0);
  assert.equal(stdout, 'web-1\nweb-2\nweb-3\n');
  assert.match(stderr, /^warning: .*config\.yaml can be read or written by others; close it: chmod 600/);
});

test('a defect says so, and shows where only when asked', async () => {
  const open = () => Promise.reject(new TypeError('x is not a function'));
  const run = (env: Record<string, string>) =>
    runCli(['nodes', 'sync'], { env: { ...fleet.env, ...env }, open });
  const quiet = await run({});
  assert.equal(quiet.status, 1);
  assert.match(quiet.stderr, /x is not a function \[INTERNAL\]\n hint: this is a defect/);
  assert.match((await run({ NODECTL_DEBUG: '1' })).stderr, /main\.test\.ts/);
});

test('who reads JSON reads in it, too, that the command line could not be understood', async () => {
  for (const words of [
    ['diag', 'nosuch', '-o', 'json'],
    ['diag', '-ojsonl', '--nosuch'],
    ['clock', '--threshold', 'x', '--output=json'],
    ['nosuch', '--output', 'json'],
  ]) {
    const { status, stderr } = await runCli(words);
    assert.equal(status, 2);
    assert.equal(JSON.parse(stderr).error.reason, 'BAD_ARGUMENT', words.join(' '));
  }
  assert.match((await runCli(['diag', 'nosuch', '-o', 'yaml', '--', '-o', 'json'])).stderr, /^error: /);
});
