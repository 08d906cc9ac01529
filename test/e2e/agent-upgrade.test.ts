/**
 * `nodectl agent` against a real agent that is really replaced, without systemd: a small program holds the port and starts the launcher
 * again when it ends, as systemd does, and the guard runs beside it. packaging/systemd/units.test.ts has the same with systemd.
 */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { addContext } from '../../cli/context/edit.ts';
import { runCli } from '../../cli/testing/run.ts';
import { writeFileAtomic } from '../../pki/atomic-file.ts';
import { saveNodeFolder } from '../../pki/pair-file.ts';
import { openChannel } from '../../proto/call/open.ts';
import { Failure } from '../../proto/failure.ts';
import { makeBuild, makeRelease, makeReleaseKey } from '../support/agent-release.ts';
import { type TestPki, testPki } from '../support/pki.ts';

const PYTHON = '/usr/bin/python3';
/** Listens, and starts the program given with the socket as descriptor 3, again and again; prints the port. */
const SUPERVISOR = `
import os, signal, socket, sys, time
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", 0))
s.listen(128)
print(s.getsockname()[1], flush=True)
child = 0
def stop(*_):
    if child: os.kill(child, signal.SIGKILL)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
while True:
    child = os.fork()
    if child == 0:
        os.dup2(s.fileno(), 3)
        os.set_inheritable(3, True)
        os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
        os.execv(sys.argv[1], sys.argv[1:])
    os.waitpid(child, 0)
    time.sleep(0.2)
`;
const missing = spawnSync(PYTHON, ['--version']).status === 0 ? undefined : `${PYTHON} is not there`;

describe('nodectl agent', { skip: missing ?? false }, () => {
  let pki: TestPki;
  let supervisor: ChildProcess;
  let guards = true;
  let port = 0;
  let env: Record<string, string>;
  let key = '';
  let over = false;
  let guarding: Promise<void>;

  before(async () => {
    pki = testPki();
    const at = (...path: string[]) => join(pki.folder, ...path);
    const admin = await pki.operator('ada', 'admin');
    const made = makeReleaseKey(pki.folder);
    key = made.key;
    makeBuild(at('baked'), { version: '1.0.0' });
    const own = await pki.node('web-1');
    mkdirSync(at('state'), { mode: 0o700 });
    saveNodeFolder(at('state'), own.key, own.chain, pki.trust);
    writeFileSync(at('agent.yaml'), `history: { enabled: false }\nupgrades: { keys: ${made.trusted} }\n`);
    const releases = at('state', 'agent');
    mkdirSync(at('run'));
    // The guard has systemd start the agent anew: here it ends it, and it is started again.
    mkdirSync(at('bin'));
    writeFileSync(
      at('bin', 'systemctl'),
      `#!/bin/sh\n[ "$1" = restart ] && pkill -KILL -P $SUPERVISOR\nexit 0\n`,
      { mode: 0o755 },
    );
    supervisor = spawn(
      PYTHON,
      [
        ...['-c', SUPERVISOR, at('baked', 'nodectl-agent')],
        ...['--config', at('agent.yaml'), '--state', at('state')],
      ],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { PATH: process.env.PATH, NODECTL_RELEASES: releases, NODECTL_GUARD: at('run', 'deadline') },
      },
    );
    const [line] = (await once(supervisor.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    port = Number(line.toString());
    guarding = (async () => {
      while (!over) {
        if (guards && ['trial', 'reverting'].some((name) => existsSync(join(releases, name)))) {
          const guard = spawn(at('baked', 'nodectl-agent-revert'), [], {
            stdio: 'ignore',
            env: {
              ...{ PATH: `${at('bin')}:${process.env.PATH}`, NODECTL_RELEASES: releases },
              ...{
                RUNTIME_DIRECTORY: at('run'),
                SUPERVISOR: String(supervisor.pid),
                NODECTL_TRIAL_SECONDS: '30',
              },
            },
          });
          await once(guard, 'close');
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    const config = at('config.yaml');
    writeFileAtomic(at('ada.pem'), admin.key + admin.chain);
    await addContext(
      config,
      'test',
      {
        ...{ trust: pki.trust, credential: at('ada.pem'), issuer: '' },
        nodes: [{ name: 'web-1', addresses: [`127.0.0.1:${port}`], labels: {} }],
      },
      { use: true, replace: true },
    );
    env = { NODECTL_CONFIG: config };
  });
  after(async () => {
    over = true;
    if (supervisor?.exitCode === null) {
      supervisor.kill('SIGTERM');
      await once(supervisor, 'close');
    }
    await guarding;
    pki?.remove();
  });

  const nodectl = (...words: string[]) => runCli(['agent', ...words], { env, open: openChannel });
  const release = async (version: string, serial: number): Promise<string> =>
    (await makeRelease(join(pki.folder, version), { version }, { keys: [key], serial })).file;
  const json = async (...words: string[]) => {
    const { stdout, stderr } = await nodectl(...words, '-n', 'web-1', '-o', 'json');
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout).items[0];
  };

  test('pack makes what upgrade installs, and no call is refused meanwhile', async () => {
    const folder = join(pki.folder, 'built');
    makeBuild(folder, { version: '1.1.0' });
    const file = join(pki.folder, 'packed.tar');
    const packed = await nodectl('pack', folder, '--key', key, '--serial', '1', '-f', file, '-o', 'json');
    assert.equal(packed.status, 0, packed.stderr);
    assert.equal(JSON.parse(packed.stdout).items[0].version, '1.1.0');
    const dry = await json('upgrade', file, '--dry-run');
    assert.deepEqual([dry.from, dry.to, dry.state], ['1.0.0', '1.1.0', 'would be installed']);
    let done = false;
    const failures: string[] = [];
    const seen = new Set<string>();
    const calling = (async () => {
      const credential = await pki.operator('eve', 'reader');
      while (!done)
        try {
          const channel = await openChannel({
            address: `127.0.0.1:${port}`,
            ...{
              expect: { kind: 'node', name: 'web-1' },
              trust: pki.trust,
              credential,
              connectTimeoutMs: 60_000,
            },
          });
          seen.add(
            (await channel.unary('nodectl.v1.SystemService/GetVersion', {}, { timeoutMs: 60_000 })).version,
          );
          channel.close();
        } catch (error) {
          failures.push(Failure.from(error).message);
        }
    })();
    const installed = await json('upgrade', file, '--yes');
    done = true;
    await calling;
    assert.deepEqual([installed.state, installed.from, installed.to], ['confirmed', '1.0.0', '1.1.0']);
    assert.deepEqual(failures, []);
    assert.deepEqual([...seen], ['1.0.0', '1.1.0']);
    const again = await json('upgrade', file, '--yes');
    assert.deepEqual([again.state, again.sentBytes], ['unchanged', 0]);
    const status = await nodectl('status');
    assert.match(
      status.stdout,
      /^NODE +AGENT +RELEASE +STATE +BEFORE +LEFT\nweb-1 +1\.1\.0 +[0-9a-f]{12} +in use +baked/,
    );
  });

  test('on trial it is told, confirmed by its file or left; what is left is told with its reason', async () => {
    const file = await release('1.2.0', 2);
    assert.equal((await json('upgrade', file, '--yes', '--no-confirm')).state, 'on trial');
    const version = await runCli(['version'], { env, open: openChannel });
    assert.match(version.stdout, /1\.2\.0 \(on trial\)/);
    assert.match((await nodectl('status')).stdout, /on trial, \d+s left/);
    const other = await nodectl('confirm', await release('1.3.0', 3), '-n', 'web-1');
    assert.equal(other.status, 6);
    assert.match(other.stderr, /RELEASE_NOT_ON_TRIAL/);
    assert.equal((await json('confirm', file)).state, 'confirmed');
    assert.equal((await nodectl('rollback', '-n', 'web-1', '--yes', '-m', 'a test')).status, 0);
    let now = await json('status');
    while (now.version !== '1.1.0') now = await json('status').catch(() => now);
    assert.equal(now.left.reason, 'ada wanted it: a test');
    const older = await nodectl('upgrade', await release('0.9.0', 0), '-n', 'web-1', '--yes');
    assert.match(older.stderr, /RELEASE_OLDER/);
  });

  test('without a guard nothing is replaced', async () => {
    const file = await release('1.4.0', 4);
    guards = false;
    const refused = await nodectl('upgrade', file, '-n', 'web-1', '--yes');
    guards = true;
    assert.equal(refused.status, 6);
    assert.match(refused.stderr, /RELEASE_NOT_GUARDED/);
    assert.equal((await json('status')).version, '1.1.0');
  });

  test('a file that is no release is refused before any node is called', async () => {
    const file = join(pki.folder, 'nonsense.tar');
    writeFileSync(file, 'x'.repeat(2_000));
    const refused = await nodectl('upgrade', file, '-n', 'web-1', '--yes');
    assert.match(refused.stderr, /IMAGE_LAYOUT_INVALID/);
    const unsigned = await nodectl('pack', join(pki.folder, 'built'), '--serial', '5', '-f', file, '--force');
    assert.match(unsigned.stderr, /without a signature is taken by no node/);
  });
});
