/** `nodectl image`: made, looked at, verified, compared and signed by the command line; what is wrong is refused by its reason. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { layoutWriter } from '../../image/layout/write.ts';
import { sampleParts } from '../../image/testing-images.ts';
import { type RunResult, runCli } from '../../testing/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'nodectl-image-'));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const image = (...argv: string[]) => runCli(['image', ...argv], { env: { SOURCE_DATE_EPOCH: '1764547200' } });

async function good(...argv: string[]): Promise<RunResult> {
  const result = await image(...argv);
  assert.equal(result.status, 0, result.stderr);
  return result;
}

/** Runs what must fail, and holds the reason against what is expected. */
async function refused(reason: string, ...argv: string[]): Promise<{ stderr: string }> {
  const { status, stderr } = await image(...argv, '--progress', 'none');
  assert.notEqual(status, 0);
  assert.match(stderr, new RegExp(`\\b${reason}\\b`), argv.join(' '));
  return { stderr };
}

const build = (version: number, ...more: string[]) => [
  ...[
    'build',
    '--root',
    at(`root${version}`),
    '--kernel',
    at(`kernel${version}`),
    '--initrd',
    at(`initrd${version}`),
  ],
  ...[
    '--version',
    `1.${version}`,
    '--serial',
    String(version),
    '--compatible',
    'x86-64',
    '--kernel-release',
    '6.1.0-1',
    '--name',
    'sample',
  ],
  ...['-o', at(`${version}.tar`), '--key', at('release.key'), '--progress', 'none', ...more],
];

before(async () => {
  for (const version of [1, 4]) {
    const parts = sampleParts(version);
    for (const role of ['root', 'kernel', 'initrd'] as const)
      writeFileSync(at(`${role}${version}`), parts[role]);
  }
  await good('keygen', at('release'), '--plain-keys');
  await good('keygen', at('second'), '--plain-keys');
  await good(...build(1));
  await good(
    ...build(
      4,
      '--delta-from',
      at('1.tar'),
      '--not-after',
      '2099-01-01T00:00:00Z',
      '--min-serial',
      '1',
      '--check',
      'tcp=22',
      '--deadline',
      '5m',
      '--driver',
      'e1000e',
      '--firmware',
      'bnx2=bnx2/a.fw',
    ),
  );
});

test('the manifest says what the options said', async () => {
  const { stdout } = await good('inspect', at('4.tar'), '--keys', at('release.pub.pem'), '-o', 'json');
  const [item] = JSON.parse(stdout).items;
  assert.equal(item.version, '1.4');
  assert.equal(item.serial, 4);
  assert.equal(item.minSerial, 1);
  assert.equal(item.created, '2025-12-01T00:00:00Z');
  assert.equal(item.notAfter, '2099-01-01T00:00:00Z');
  assert.deepEqual(item.health, { checks: [{ kind: 'tcp', port: 22 }], deadlineSeconds: 300 });
  assert.deepEqual(item.modules, ['e1000e']);
  assert.deepEqual(item.firmware, [{ driver: 'bnx2', file: 'bnx2/a.fw' }]);
  assert.equal(item.deltas.length, 1);
  assert.equal(item.signers[0].trusted, true);
  assert.equal(statSync(at('release.key')).mode & 0o777, 0o600);
});

test('people are told what it is, and whether it is trusted', async () => {
  const trusted = await good('inspect', at('4.tar'), '--keys', folder);
  assert.match(trusted.stdout, /^image +sample 1\.4, serial 4/m);
  assert.match(trusted.stdout, /^signed by +release\.pub\.pem, key [0-9a-f]{16}$/m);
  const { stdout } = await runCli(['image', 'inspect', at('4.tar')], { columns: 60 });
  assert.ok(
    stdout.split('\n').every((line) => line.length <= 60),
    stdout,
  );
  assert.match((await good('inspect', at('4.tar'))).stdout, /not verified: name the keys with --keys/);
  await refused('IMAGE_SIGNATURES_TOO_FEW', 'verify', at('4.tar'), '--keys', at('second.pub.pem'));
});

test('all of an image is verified', async () => {
  const { stdout } = await good('verify', at('4.tar'), '--keys', at('release.pub.pem'), '--progress', 'none');
  assert.equal(stdout.split('\n').filter((line) => line.startsWith('ok')).length, 5);
  await refused('BAD_ARGUMENT', 'verify', at('4.tar'));
  await refused('BAD_ARGUMENT', 'verify', at('4.tar'), '--keys', at('release.pub.pem'), '--threshold', '0');
});

test('no flipped bit and no cut of an archive is verified', async () => {
  const bytes = readFileSync(at('4.tar'));
  const damaged = at('damaged.tar');
  for (let round = 0; round < 60; round += 1) {
    // Not in the zeros that fill up blocks of the archive, which say nothing.
    let place = Math.floor(((round + 0.5) / 60) * bytes.length);
    while (bytes[place] === 0) place -= 1;
    const flipped = Buffer.from(bytes);
    flipped[place] = (flipped[place] ?? 0) ^ (1 << (round % 8));
    writeFileSync(damaged, round % 6 === 0 ? bytes.subarray(0, place) : flipped);
    const { status, stderr } = await image(
      'verify',
      damaged,
      '--keys',
      at('release.pub.pem'),
      '--progress',
      'none',
    );
    assert.notEqual(status, 0, `round ${round}, byte ${place}`);
    assert.doesNotMatch(stderr, /INTERNAL/);
  }
});

test('two images are compared', async () => {
  const { stdout } = await good('diff', at('1.tar'), at('4.tar'), '--progress', 'none', '-o', 'json');
  const [item] = JSON.parse(stdout).items;
  const bytes = Object.fromEntries(
    item.ways.map((one: { way: string; bytes: number }) => [one.way, one.bytes]),
  );
  assert.ok(bytes.delta < bytes.compare && bytes.compare < bytes.full, stdout);
  assert.ok(bytes['ready delta'] < bytes.compare);
  assert.ok(item.blocks.fresh > 0 && item.blocks.fresh < item.blocks.filled);
  const told = await good('diff', at('1.tar'), at('4.tar'), '--progress', 'none');
  assert.match(told.stdout, /^serial +1 -> 4$/m);
  assert.match(told.stderr, /Packages are not compared: a root image is no ext4/);
  assert.match((await good('diff', at('4.tar'), at('1.tar'), '--progress', 'none')).stdout, /a downgrade/);
});

const openssl = spawnSync('openssl', ['version']).status === 0;
test('a second person signs, and so does openssl', {
  skip: !openssl && 'openssl is not installed',
}, async () => {
  writeFileSync(at('two.tar'), readFileSync(at('4.tar')));
  await good('sign', at('two.tar'), '--key', at('second.key'));
  await good('verify', at('two.tar'), '--keys', folder, '--threshold', '2', '--progress', 'none');
  await refused('IMAGE_SIGNATURES_TOO_FEW', 'verify', at('4.tar'), '--keys', folder, '--threshold', '2');
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', at('third.key')]);
  execFileSync('openssl', ['pkey', '-in', at('third.key'), '-pubout', '-out', at('third.pub')]);
  // What is signed is text up to its end, which is the manifest's.
  writeFileSync(at('bytes'), (await good('sign', at('two.tar'), '--print-signed-bytes')).stdout);
  execFileSync('openssl', [
    'pkeyutl',
    '-sign',
    '-rawin',
    '-inkey',
    at('third.key'),
    '-in',
    at('bytes'),
    '-out',
    at('signature'),
  ]);
  await good('sign', at('two.tar'), '--signature', at('signature'), '--public-key', at('third.pub'));
  await good(
    'verify',
    at('two.tar'),
    '--keys',
    folder,
    '--keys',
    at('third.pub'),
    '--threshold',
    '3',
    '--progress',
    'none',
  );
  writeFileSync(at('wrong'), Buffer.alloc(64, 1));
  const wrong = await image(
    'sign',
    at('two.tar'),
    '--signature',
    at('wrong'),
    '--public-key',
    at('third.pub'),
  );
  assert.match(wrong.stderr, /IMAGE_SIGNATURE_INVALID/);
});

test('a sealed key asks for its passphrase', async () => {
  writeFileSync(at('phrase'), 'a long passphrase\n');
  writeFileSync(at('other'), 'another one\n');
  await good('keygen', at('sealed'), '--passphrase-file', at('phrase'));
  assert.match(readFileSync(at('sealed.key'), 'utf8'), /ENCRYPTED/);
  await good(...build(1, '--force', '--key', at('sealed.key'), '--passphrase-file', at('phrase')));
  await refused(
    'BAD_PASSPHRASE',
    ...build(1, '--force', '--key', at('sealed.key'), '--passphrase-file', at('other')),
  );
  rmSync(at('sealed.pub.pem'));
});

test('what is no plain file is not replaced by an archive, forced or not, and that is said before it is built', async () => {
  const pipe = at('pipe.tar');
  execFileSync('mkfifo', [pipe]);
  for (const force of [[], ['--force']]) {
    const { stderr } = await refused('BAD_ARGUMENT', ...build(1, ...force, '-o', pipe));
    assert.match(stderr, /pipe\.tar is no plain file, and is not replaced by one/);
    assert.match((await refused('BAD_ARGUMENT', ...build(1, ...force, '-o', at('.')))).stderr, /is a folder/);
    await assert.rejects(layoutWriter(pipe, force.length > 0), /no plain file/);
  }
  assert.ok(statSync(pipe).isFIFO());
  rmSync(pipe);
});

test('what is missing or wrong is said, and nothing is left behind', async () => {
  const without = (name: string) => {
    const argv = build(7, '--root', at('root1'), '--kernel', at('kernel1'), '--initrd', at('initrd1'));
    return argv.flatMap((word, index) => (word === name || argv[index - 1] === name ? [] : [word]));
  };
  for (const name of ['--root', '--kernel', '--version', '--serial', '--compatible', '--key', '-o'])
    await refused('BAD_ARGUMENT', ...without(name));
  await refused('BAD_ARGUMENT', ...build(1));
  await refused('IMAGE_UNREADABLE', ...build(7));
  writeFileSync(at('odd'), Buffer.alloc(10_000, 1));
  assert.match(
    (await refused('IMAGE_MANIFEST_INVALID', ...build(1, '--force', '--root', at('odd')))).stderr,
    /10000 bytes.*\n.*truncate -s %4096/,
  );
  rmSync(at('odd'));
  await refused('BAD_ARGUMENT', ...build(1, '--force', '--check', 'shell=reboot'));
  await refused('BAD_ARGUMENT', ...build(1, '--force', '--firmware', 'bnx2'));
  await refused('IMAGE_MANIFEST_INVALID', ...build(1, '--force', '--min-serial', '9'));
  await refused('BAD_ARGUMENT', ...build(1, '--force', '--key', at('release.pub.pem')));
  assert.match(
    (await image('keygen', at('release'), '--plain-keys')).stderr,
    /release\.key is there already/,
  );
  const { stderr, status } = await image('keygen', at('absent/release'), '--plain-keys');
  assert.equal(status, 2);
  assert.match(stderr, /the key \S+\/absent\/release\.key cannot be written: there is no such folder/);
  assert.match(
    (await refused('BAD_ARGUMENT', 'verify', at('absent.tar'), '--keys', at('release.pub.pem'))).stderr,
    /there is no image .*absent\.tar.*\n hint: .*oci:/,
  );
  await refused('IMAGE_KEYRING_INVALID', 'verify', at('4.tar'), '--keys', at('release.key'));
  assert.equal(execFileSync('find', [folder, '-name', '*.tmp']).toString(), '');
});
