/** --from takes what people have of a machine: a text, an archive of sosreport, the nodes of a must-gather. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { runCli } from '../testing/run.ts';
import { filesInWords, foldedNotes, machinesIn } from './captured-folders.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-from-test-'));
after(() => rmSync(folder, { recursive: true }));

const HALF = [
  'Settings for eth0:',
  '\tSupported link modes:   10baseT/Half 10baseT/Full',
  '\t                        100baseT/Half 100baseT/Full',
  '\tSpeed: 10Mb/s',
  '\tDuplex: Half',
  '\tPort: Twisted Pair',
  '\tAuto-negotiation: on',
  '\tLink detected: yes',
  '',
].join('\n');

/** Files below a folder of its own. */
function make(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const ids = async (from: string) => {
  const { stdout, stderr } = await runCli(['diag', 'nic', '--from', from, '-o', 'name'], {});
  return { found: stdout.trim().split('\n'), stderr };
};

test('a text with the outputs of a machine', async () => {
  const root = make('texts', { 'web-1.txt': `$ ethtool eth0\n${HALF}$ date\n` });
  const { found, stderr } = await ids(join(root, 'web-1.txt'));
  assert.ok(found.includes('nic.half-duplex'), found.join());
  assert.match(stderr, /^web-1: of 1 saved file this used 1$/m);
});

for (const [program, letter] of [
  ['xz', 'J'],
  ['bzip2', 'j'],
] as const)
  test(`an archive of sosreport, packed with ${program}`, {
    skip: spawnSync(program, ['--version'], { stdio: 'ignore' }).error
      ? `${program} is not installed`
      : false,
  }, async () => {
    const root = make(`sos-${program}`, { 'sosreport-web1/sos_commands/networking/ethtool_eth0': HALF });
    const archive = join(folder, `sos.tar.${program}`);
    assert.equal(spawnSync('tar', [`c${letter}f`, archive, '-C', root, 'sosreport-web1']).status, 0);
    assert.ok((await ids(archive)).found.includes('nic.half-duplex'));
    writeFileSync(`${archive}.cut`, spawnSync('head', ['-c', '100', archive]).stdout);
    assert.match((await ids(`${archive}.cut`)).stderr, new RegExp(`${program}, which could not unpack it`));
  });

test('machines are where their trees are, in nodes/, or the folder itself', () => {
  const bundle = make('bundle', { 'all/a/proc/version': '', 'all/b/sys/x': '', 'all/b/proc/sys/y': '' });
  assert.deepEqual(machinesIn(bundle), [join(bundle, 'all/a'), join(bundle, 'all/b')]);
  const gather = make('gather', {
    'quay-io-x/nodes/n1/dmesg': '',
    'quay-io-x/nodes/n2/dmesg': '',
    'quay-io-x/cluster-scoped-resources/core/nodes/n1.yaml': '',
    'event.html': '',
  });
  assert.deepEqual(machinesIn(gather), [
    join(gather, 'quay-io-x/nodes/n1'),
    join(gather, 'quay-io-x/nodes/n2'),
    join(gather, 'quay-io-x/cluster-scoped-resources'),
  ]);
  const logs = make('logs', { 'var/log/mcelog': '' });
  assert.deepEqual(machinesIn(logs), [logs], 'a tree of the machine is no machine');
  const config = make('config', { 'scc_web1/network.txt': HALF, 'scc_web1/more.txt': '' });
  assert.deepEqual(machinesIn(config), [join(config, 'scc_web1')]);
  const configs = make('configs', {
    'a/basic-environment.txt': '',
    'b/basic-environment.txt': '',
    'c/x': '',
  });
  assert.deepEqual(machinesIn(configs), [join(configs, 'a'), join(configs, 'b')]);
  const hand = make('hand', { 'ethtool-eth0.txt': HALF, 'more/proc/meminfo': '' });
  assert.deepEqual(machinesIn(hand), [hand]);
});

test('what was of no use is named, first what one would expect to be read', () => {
  const files = {
    used: ['a'],
    unused: ['notes', 'x', 'y', 'z', 'ethtool.bak'],
    reasons: new Map([['x', 'it is of nothing']]),
  };
  assert.deepEqual(filesInWords('n', files, false), [
    'n: of 6 saved files this used 1',
    'n: not used: ethtool.bak, notes, x, y and 1 more',
    'n: not judged in x: it is of nothing',
  ]);
  assert.deepEqual(filesInWords('n', undefined, true), []);
});

test('files with the same reason are told in one line, further reasons are counted, and all by --verbose', () => {
  const paths = Array.from({ length: 40 }, (_, at) => `out/${at}`);
  const reasons = new Map(
    paths.map((path, at) => [path, at < 30 ? 'it is too long' : at < 33 ? 'it is a log' : `it is ${at}`]),
  );
  const files = { used: [], unused: paths, reasons };
  assert.deepEqual(filesInWords('n', files, false).slice(2), [
    'n: not judged in out/0 and 29 more files: it is too long',
    'n: not judged in out/30 and 2 more files: it is a log',
    'n: not judged in out/33: it is 33',
    'n: not judged in 6 other files for 6 other reasons; --verbose names them',
  ]);
  assert.equal(filesInWords('n', files, true).length, 2 + 40);
});

test('what is told of the files of several machines takes a few lines', () => {
  const of = (count: number) =>
    Array.from({ length: count }, (_, at) => [`n${at}: of 9 saved files this used 1`, `n${at}: not used: x`]);
  assert.equal(foldedNotes(of(4), false).length, 8);
  assert.deepEqual(foldedNotes(of(5), false), [
    ...of(5).map(([first]) => first),
    'what was not used or not judged in their files: --verbose',
  ]);
  assert.deepEqual(
    foldedNotes(of(30), false).at(-1),
    'files of 24 more captured machines, and what was not judged in them: --verbose',
  );
  assert.equal(foldedNotes(of(30), false).length, 7);
  assert.equal(foldedNotes(of(30), true).length, 60);
});

test('when the time is over, what was found is told, and that not all was read', async () => {
  const root = make('late', {
    'proc/mdstat':
      'Personalities : [raid1]\nmd7 : active raid1 sdx1[0]\n      1000 blocks super 1.2 [2/1] [U_]\n',
    'sos_commands/notes': '$ df -h\nFilesystem Size Used Avail Use% Mounted on\n/dev/sdx1 10G 10G 0 100% /\n',
  });
  const whole = await runCli(['diag', '--from', root]);
  assert.match(whole.stdout, /full[\s\S]*degraded/);
  assert.doesNotMatch(whole.stderr, /DEADLINE/);
  const { stdout, stderr, status } = await runCli(['diag', '--from', root, '--timeout', '1ms']);
  assert.match(stdout, /degraded/);
  assert.doesNotMatch(stdout, /full|hang/);
  assert.match(stderr, /not judged in sos_commands\/notes: it was not looked into before the time was over/);
  assert.match(stderr, /not all was read: .*DEADLINE_EXCEEDED/);
  assert.equal(status, 11);
});

test('what is no text and no archive, or cannot be read, is told as what it is', async () => {
  const root = make('kinds', { empty: '', 'wide.txt': '\ufeffx', 'a.zip': 'PK\x03\x04', long: 'x' });
  writeFileSync(join(root, 'wide.txt'), Buffer.from('\ufeffsome text', 'utf16le'));
  writeFileSync(join(root, 'long'), 'a line of text\n'.repeat(1_000));
  truncateSync(join(root, 'long'), 65 << 20);
  symlinkSync('loop', join(root, 'loop'));
  for (const [name, words] of [
    ['empty', /empty is empty/],
    ['wide.txt', /is a text in UTF-16.*\n hint: .*iconv/],
    ['a.zip', /is an archive of zip/],
    ['long', /is too long a text: it has 65 MiB, and 64 are read/],
    ['loop', /links lead in a circle/],
    ['missing', /there is no such file/],
  ] as const) {
    const { status, stderr } = await runCli(['diag', '--from', join(root, name)], {});
    assert.match(stderr, words);
    assert.equal(status, 2, name);
  }
  assert.match((await runCli(['diag', '--from', '/dev/null'], {})).stderr, /neither a file nor a folder/);
  assert.match((await runCli(['diag', '--from', ''], {})).stderr, /--from names nothing/);
  assert.match((await runCli(['diag', '--from', root, '-n', 'a'], {})).stderr, /-n chooses nodes/);
});

test('zeros before a text are left out, and zeros alone are no text', async () => {
  const root = make('zeros', {
    'eth0.txt': `${'\0'.repeat(20_000)}# ethtool eth0\n${HALF}`,
    alone: '\0'.repeat(20_000),
  });
  assert.match((await ids(join(root, 'eth0.txt'))).found.join(' '), /nic\.half-duplex/);
  assert.match(
    (await runCli(['diag', '--from', join(root, 'alone')], {})).stderr,
    /alone is (?:no text|a text in UTF-16)/,
  );
});

test('what is not looked at in a folder is named with the reason', async () => {
  const outside = make('outside', { dmesg: 'x' });
  const root = make('unseen', { 'eth0.txt': `# ethtool eth0\n${HALF}`, 'a/b/c/d/e/f/mdstat': 'x' });
  symlinkSync(join(outside, 'dmesg'), join(root, 'dmesg'));
  symlinkSync('eth0.txt', join(root, 'same'));
  symlinkSync('nowhere', join(root, 'nothing'));
  execFileSync('mkfifo', [join(root, 'chronyc_tracking')]);
  const { stderr } = await runCli(['diag', '--from', root], {});
  assert.match(stderr, /not judged in a\/b\/c\/d\/e\/f\/: outputs are looked for 5 folders deep/);
  assert.match(stderr, /not judged in dmesg: it is a link out of the folder/);
  assert.match(stderr, /not judged in chronyc_tracking: it is neither a file nor a folder/);
  assert.doesNotMatch(stderr, /same|nothing/);
  const many = make('many', { 'eth0.txt': `# ethtool eth0\n${HALF}` });
  mkdirSync(join(many, 'x'));
  for (let at = 0; at < 20_010; at++) writeFileSync(join(many, 'x', `${at}`.padStart(6, '0')), '');
  assert.match(
    (await runCli(['diag', '--from', many], {})).stderr,
    /not judged in x\/019999: it and what comes behind it are not looked at, since there are more than 20000 files/,
  );
});

test('where nothing could be judged that is no success, and a name of a file forges no line', async () => {
  const root = make('nothing', { 'a\x1b[31mb\nCRIT fake': 'x' });
  const { status, stderr } = await runCli(['diag', '--from', root], {});
  assert.equal(status, 2);
  assert.match(stderr, /not used: a\\x1b\[31mb\\nCRIT fake$/m);
  assert.match(stderr, /^error: nothing: nothing that was asked for could be judged/m);
});

test('a folder of folders that hold a file of the same name each has a machine in each', async () => {
  const log = 'Nov  2 15:04:05 web kernel: INFO: task sync:99 blocked for more than 120 seconds.\n';
  const remote = make('remote', { 'web1/messages': log, 'web2/messages': log, 'web2/cron': '' });
  assert.deepEqual(machinesIn(remote), [join(remote, 'web1'), join(remote, 'web2')]);
  const { stdout } = await runCli(['diag', 'kernel', '--from', remote]);
  assert.match(stdout, /^WARN {2}web\[1-2\] {2}A task is blocked in the kernel/);
  // Parts of one machine's capture are of different names.
  const parts = make('parts', { 'kernel/messages': log, 'network/ss.txt': '' });
  assert.deepEqual(machinesIn(parts), [parts]);
});

test('what lies beside the folders of machines is told, since it is not read', async () => {
  const loadavg = '0.5 0.4 0.3 1/100 99\n';
  const root = make('beside', {
    ...{ 'web-1/proc/loadavg': loadavg, 'rack/web-2/proc/loadavg': loadavg },
    ...{ 'kern.log': 'x\n', 'rack/note.txt': 'x\n', 'logs/a/messages': 'x\n', 'index.json': '{}\n' },
  });
  mkdirSync(join(root, 'nothing'));
  assert.match(
    (await ids(`${root}/`)).stderr,
    /^not read, since it lies beside the folders of machines: kern\.log, logs\/, rack\/note\.txt; --from takes/m,
  );
  assert.doesNotMatch((await ids(join(root, 'web-1'))).stderr, /not read/);
});

test('each machine of one text is judged and told with its name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nodectl-hosts-'));
  const df = (used: number) =>
    `Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1       100G  ${used}G   ${100 - used}G ${used}% /\n`;
  try {
    writeFileSync(join(folder, 'ssh.txt'), `$ ssh web1 df -h\n${df(100)}$ ssh web2 df -h\n${df(8)}`);
    const { stdout, stderr } = await runCli(['diag', '--from', join(folder, 'ssh.txt')], {});
    assert.match(stdout, /CRIT {2}web1 {2}A file system is nearly full/);
    assert.match(stderr, /ssh\.txt has outputs of 2 machines, each judged on its own: web1, web2/);
    assert.match(stderr, /web2: of 1 saved file this used 1/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('--from - takes a text or an archive on standard input', async () => {
  const main = join(import.meta.dirname, '..', 'nodectl.ts');
  const diag = (input: string | Buffer, ...more: string[]) =>
    spawnSync(process.execPath, [main, 'diag', '--from', '-', ...more], { input, encoding: 'utf8' });
  const text = diag(HALF);
  assert.equal(text.status, 10);
  assert.match(text.stdout, /^WARN {2}stdin {2}.*half/i);
  const root = make('piped', { 'web-1/ethtool_eth0.txt': HALF });
  const { stdout: archive } = spawnSync('tar', ['-C', root, '-cz', 'web-1']);
  const packed = diag(archive);
  assert.equal(packed.status, 10);
  assert.match(packed.stdout, /^WARN {2}web-1 {2}.*half/i);
  assert.match(diag('').stderr, /stdin is empty/);
  assert.match(diag(HALF, '--from', '-').stderr, /standard input can be read once/);
  const folder = spawnSync(process.execPath, [main, 'diag', '--from', '/dev/null'], { encoding: 'utf8' });
  assert.match(folder.stderr, /PROGRAM \| nodectl diag --from -/);
});
