/** `nodectl diag bundle`: real agents, a node that fails, one that lies, and what comes out of the archive. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { openChannel } from '../../../../proto/call/open.ts';
import { Failure } from '../../../../proto/failure.ts';
import { AgentFleet } from '../../../../test/support/agent-fleet.ts';
import { FakeFleet } from '../../../testing/fleet.ts';
import { MemorySink, runCli } from '../../../testing/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nodectl-bundle-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const fleets: { remove(): void }[] = [];
after(() => {
  for (const one of fleets) one.remove();
});

const sum = (text: string) => createHash('sha256').update(text).digest('hex');
const file = (path: string, text: string, more: object = {}) => [
  { node: 'x', file: { path, size: Buffer.byteLength(text), sha256: sum(text), ...more } },
  ...(text === '' ? [] : [{ node: 'x', data: Buffer.from(text) }]),
];
const good = () => [...file('proc/version', 'Linux'), ...file('empty', ''), ...file('index.json', '{}')];

function fleetOf(nodes: Record<string, unknown[] | Failure>): FakeFleet {
  const fleet = new FakeFleet(
    Object.fromEntries(
      Object.entries(nodes).map(([name, what]) => [
        name,
        what instanceof Failure ? { unreachable: what } : { answers: { CollectBundle: () => what } },
      ]),
    ),
  );
  fleets.push(fleet);
  return fleet;
}

const bundle = (fleet: FakeFleet, ...args: string[]) =>
  runCli(['diag', 'bundle', ...args], { env: fleet.env, open: fleet.connect });

/** Unpacks an archive and gives its one folder. */
function unpack(path: string): string {
  execFileSync('tar', ['--zstd', '-xf', path, '-C', folder], { stdio: 'pipe' });
  const [top = ''] = readdirSync(folder).filter((name) => name.startsWith('nodectl-bundle-'));
  return join(folder, top);
}

const noTar = () => {
  const { error, stdout } = spawnSync('tar', ['--version'], { encoding: 'utf8' });
  const zstd = spawnSync('zstd', ['--version']).error;
  return error || zstd || !/GNU tar/.test(stdout) ? 'GNU tar and zstd are not here' : undefined;
};

test('nodes that answer are in it, one that does not is in the index and on stderr, with status 3', async (t) => {
  const why = noTar();
  if (why) return t.skip(why);
  const fleet = fleetOf({
    'web-1': good(),
    'web-2': new Failure('CONNECTION_REFUSED', 'nothing listens'),
    'web-3': good(),
  });
  const path = join(folder, 'x.tar.zst');
  const { status, stderr } = await bundle(fleet, '--all', '-o', path);
  assert.equal(status, 3);
  assert.match(stderr, /web-2: nothing listens/);
  assert.match(stderr, /2 of 3 nodes, 6 files/);
  const top = unpack(path);
  assert.equal(readFileSync(join(top, 'web-1', 'proc', 'version'), 'utf8'), 'Linux');
  const { nodes } = JSON.parse(readFileSync(join(top, 'index.json'), 'utf8'));
  assert.deepEqual(
    nodes.map((one: { node: string; files: number; error?: { reason: string } }) => [
      one.node,
      one.files,
      one.error?.reason,
    ]),
    [
      ['web-1', 3, undefined],
      ['web-2', 0, 'CONNECTION_REFUSED'],
      ['web-3', 3, undefined],
    ],
  );
});

test('a node that ends in the middle, or lies, is told; what was whole before is kept', async () => {
  for (const [answers, what] of [
    [good().slice(0, 3), /the bundle ended too early/],
    [[...file('a', 'abc').slice(0, 1)], /a ended too early/],
    [file('../../etc/passwd', 'x'), /is no path for a file/],
    [file('/etc/passwd', 'x'), /is no path for a file/],
    [[...file('a', 'x'), ...file('a', 'y')], /a came twice/],
    [file('a', 'x', { sha256: sum('y') }), /a is not what its checksum says/],
    [file('a', 'abc', { size: 2 }), /there are bytes of no file/],
    [file('a', 'x', { size: 1e9 }), /a is too large/],
  ] as const) {
    const path = join(folder, 'x.tar.zst');
    const { status, stderr } = await bundle(
      fleetOf({ 'web-1': [...answers], 'web-2': good() }),
      '--all',
      '-o',
      path,
      '--force',
    );
    assert.equal(status, 3);
    assert.match(stderr, what);
    assert.ok(existsSync(path));
  }
});

test('where every node fails there is no file, and the status says why', async () => {
  const fleet = fleetOf({ 'web-1': new Failure('CONNECTION_REFUSED', 'nothing listens') });
  const { status } = await bundle(fleet, '--all', '-o', join(folder, 'x.tar.zst'));
  assert.equal(status, 5);
  assert.deepEqual(readdirSync(folder), []);
});

test('without a place, to a terminal, and over a file that is there it is refused before a node is called', async () => {
  const fleet = fleetOf({ 'web-1': good() });
  const path = join(folder, 'x.tar.zst');
  writeFileSync(path, 'mine');
  assert.match((await bundle(fleet, '--all')).stderr, /it is not said where the bundle goes/);
  assert.match((await bundle(fleet, '--all', '-o', path)).stderr, /is there already/);
  const options = { env: fleet.env, open: fleet.connect, columns: 80 };
  assert.match((await runCli(['diag', 'bundle', '--all', '-o', '-'], options)).stderr, /on a terminal/);
  assert.deepEqual(fleet.calls, []);
});

test('real agents: the archive goes to standard output, and --from finds what the node found', {
  timeout: 180_000,
}, async (t) => {
  const why = noTar();
  if (why) return t.skip(why);
  const agents = await AgentFleet.start();
  try {
    const { address } = await agents.enrolled('web-1');
    const config = join(folder, 'contexts.yaml');
    const credential = join(folder, 'me.pem');
    writeFileSync(join(folder, 'root.crt'), agents.pki.trust);
    writeFileSync(credential, `${agents.admin.key}${agents.admin.chain}`, { mode: 0o600 });
    const nodes = [{ name: 'web-1', addresses: [address], labels: {} }];
    const context = { trust: 'root.crt', credential: 'me.pem', nodes };
    writeFileSync(config, JSON.stringify({ current: 'x', contexts: { x: context } }), { mode: 0o600 });
    const options = { env: { NODECTL_CONFIG: config }, open: openChannel };
    const path = join(folder, 'x.tar.zst');
    const ids = (text: string) => (JSON.parse(text).items as { id?: string }[]).map(({ id }) => id).sort();
    let top = '';
    let live = { status: -1, stdout: '' };
    let from = { status: -2, stdout: '' };
    // What is wrong with the machine may change between the archive and the question, as its load does: then both again.
    for (let tries = 0; tries < 5; tries++) {
      const stdout = new BinarySink();
      const { status, stderr } = await runCli(['diag', 'bundle', '--all', '-o', '-'], { ...options, stdout });
      assert.equal(status, 0, stderr);
      writeFileSync(path, Buffer.concat(stdout.parts));
      if (top !== '') rmSync(top, { recursive: true });
      top = unpack(path);
      live = await runCli(['diag', '--all', '-o', 'json'], options);
      from = await runCli(['diag', '--from', top, '-o', 'json'], options);
      if (isDeepStrictEqual(ids(from.stdout), ids(live.stdout))) break;
    }
    assert.equal(from.status, live.status);
    assert.deepEqual(ids(from.stdout), ids(live.stdout));
    const packed = await runCli(['diag', '--from', path, '-o', 'json'], options);
    assert.deepEqual([packed.status, ids(packed.stdout)], [live.status, ids(live.stdout)]);
    assert.match(
      (await runCli(['metrics', '--from', top], options)).stdout,
      /node_memory_MemTotal_bytes \d+/,
    );
    for (const one of readdirSync(join(top, 'web-1'), { recursive: true, encoding: 'utf8' })) {
      assert.doesNotMatch(one, /shadow|node\.pem|\.key$/);
    }
  } finally {
    await agents.stop();
  }
});

/** Standard output that keeps bytes. */
class BinarySink extends MemorySink {
  readonly parts: Buffer[] = [];

  override write(bytes: string | Uint8Array): boolean {
    this.parts.push(Buffer.from(bytes as Uint8Array));
    return true;
  }
}
