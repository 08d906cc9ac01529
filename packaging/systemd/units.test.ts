/**
 * The units under a real systemd: a good release of the agent comes in without a refused call and is confirmed, one that crashes and
 * one that hangs are left by the guard, and so is one that dies after it was confirmed.
 */

import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type OpenRelease, openRelease } from '../../cli/release/artifact.ts';
import { type Installed, installRelease } from '../../cli/release/install.ts';
import { saveNodeFolder } from '../../pki/pair-file.ts';
import type { Channel } from '../../proto/call/channel.ts';
import { openChannel } from '../../proto/call/open.ts';
import { Failure } from '../../proto/failure.ts';
import { freePort } from '../../test/bench/rig/process.ts';
import { type Behaviour, makeBuild, makeRelease, makeReleaseKey } from '../../test/support/agent-release.ts';
import { NspawnMachine, noNspawn } from '../../test/support/nspawn.ts';
import { type TestCredential, type TestPki, testPki } from '../../test/support/pki.ts';

const top = join(import.meta.dirname, '..', '..');
const missing =
  noNspawn() ??
  (relative(top, process.execPath).startsWith('..') ? 'node is not of the checkout' : undefined);
const UNITS = [
  'nodectl-agent.service',
  'nodectl-agent.socket',
  'nodectl-agent-revert.service',
  'nodectl-agent-revert.path',
];

describe('under systemd', { skip: missing ?? false }, () => {
  let machine: NspawnMachine;
  let pki: TestPki;
  let admin: TestCredential;
  let keys: { key: string; trusted: string };
  let port = 0;
  let serial = 0;
  const { signal } = new AbortController();
  const opened: OpenRelease[] = [];
  const build = {
    main: '/opt/nodectl/agent/main.ts',
    runtime: `exec /opt/nodectl/${relative(top, process.execPath)} "$@"`,
  };

  before(async () => {
    pki = testPki();
    admin = await pki.operator('ada', 'admin');
    keys = makeReleaseKey(pki.folder);
    port = await freePort();
    machine = new NspawnMachine();
    for (const unit of UNITS) {
      machine.write(`etc/systemd/system/${unit}`, readFileSync(join(import.meta.dirname, unit), 'utf8'));
    }
    machine.enable('nodectl-agent.service', 'multi-user.target');
    machine.enable('nodectl-agent.socket', 'sockets.target');
    machine.enable('nodectl-agent-revert.path', 'paths.target');
    const dropIn = (unit: string, text: string) =>
      machine.write(`etc/systemd/system/${unit}.d/test.conf`, text);
    dropIn('nodectl-agent.socket', `[Socket]\nListenStream=\nListenStream=127.0.0.1:${port}\n`);
    // Two minutes for a trial are for people.
    dropIn('nodectl-agent-revert.service', '[Service]\nEnvironment=NODECTL_TRIAL_SECONDS=20\n');
    machine.write(
      'etc/nodectl/agent.yaml',
      'history: { enabled: false }\nlogLevel: debug\nupgrades: { keys: /etc/nodectl/upgrade-keys }\n',
    );
    mkdirSync(join(machine.root, 'etc/nodectl/upgrade-keys'));
    copyFileSync(
      join(keys.trusted, 'release.pem'),
      join(machine.root, 'etc/nodectl/upgrade-keys/release.pem'),
    );
    const state = join(machine.root, 'var/lib/nodectl');
    mkdirSync(state, { recursive: true, mode: 0o700 });
    const { key, chain } = await pki.node('web-1');
    saveNodeFolder(state, key, chain, pki.trust);
    makeBuild(machine.usr('lib', 'nodectl'), { version: '1.0.0', ...build });
    await machine.start({ [top]: '/opt/nodectl' });
  });
  after(async () => {
    for (const one of opened) await one.close();
    await machine?.stop();
    pki?.remove();
  });

  const connect = (patient = false): Promise<Channel> =>
    openChannel({
      address: `127.0.0.1:${port}`,
      ...{ expect: { kind: 'node', name: 'web-1' }, trust: pki.trust, credential: admin },
      connectTimeoutMs: patient ? 100_000 : 5_000,
    });
  const release = async (version: string, behaviour: Behaviour = 'good'): Promise<OpenRelease> => {
    const pack = { keys: [keys.key], serial: ++serial };
    const { file } = await makeRelease(join(pki.folder, version), { version, behaviour, ...build }, pack);
    const one = await openRelease(file);
    opened.push(one);
    return one;
  };
  const upgrade = async (what: OpenRelease): Promise<Installed> => {
    const channel = await connect(true);
    try {
      const options = { allowDowngrade: false, confirm: true, message: 'a test' };
      return await installRelease({ channel, connect }, what, options, signal);
    } finally {
      channel.close();
    }
  };
  const status = async () => {
    const channel = await connect(true);
    try {
      return await channel.unary('nodectl.v1.AgentReleaseService/GetAgentRelease', {}, { timeoutMs: 60_000 });
    } finally {
      channel.close();
    }
  };
  /** Calls, each over a connection of its own, until it is told to end. Gives versions in order, and what failed. */
  const calling = () => {
    let over = false;
    const seen: string[] = [];
    const failures: string[] = [];
    let slowest = 0;
    let calls = 0;
    const loop = async () => {
      while (!over) {
        const began = performance.now();
        try {
          const channel = await connect(true);
          const { version } = await channel.unary(
            'nodectl.v1.SystemService/GetVersion',
            {},
            { timeoutMs: 100_000 },
          );
          channel.close();
          if (seen.at(-1) !== version) seen.push(version);
        } catch (error) {
          failures.push(`${Failure.from(error).reason}: ${Failure.from(error).message}`);
        }
        calls++;
        slowest = Math.max(slowest, performance.now() - began);
      }
    };
    const running = Promise.all([loop(), loop()]);
    return async () => {
      over = true;
      await running;
      return { seen, failures, slowestMs: Math.round(slowest), calls };
    };
  };
  const journal = async () => machine.run('journalctl', '--no-pager', '-o', 'cat', '-u', 'nodectl-agent*');

  test('the agent may give memory back, and no line on stderr is not of its log', async () => {
    let text = '';
    while (!/pages of the program were given back|no memory is given back/.test(text)) text = await journal();
    assert.match(text, /"mappings":[1-9].*pages of the program were given back/);
    assert.doesNotMatch(text, /Warning/);
  });

  test('a good release comes in and is confirmed, and no call is refused', async (context) => {
    assert.equal((await status()).release, 'baked', await journal());
    const end = calling();
    const installed = await upgrade(await release('1.1.0')).catch(async (error: unknown) => {
      throw new Error(await journal(), { cause: error });
    });
    const { failures, seen, slowestMs, calls } = await end();
    context.diagnostic(`${calls} calls, the slowest ${slowestMs} ms`);
    assert.deepEqual(failures, []);
    assert.deepEqual([installed.from, installed.to, installed.state], ['1.0.0', '1.1.0', 'confirmed']);
    assert.deepEqual(seen, ['1.0.0', '1.1.0']);
    const now = await status();
    assert.deepEqual([now.version, now.onTrial, now.previousRelease], ['1.1.0', false, 'baked']);
  });

  for (const [version, behaviour, why] of [
    ['2.0.0', 'crashes', /did not stay up/],
    ['3.0.0', 'hangs', /nobody confirmed it within 20 s/],
  ] as const)
    test(`a release that ${behaviour} is left, and no call is refused`, async (context) => {
      const end = calling();
      const bad = await release(version, behaviour);
      await assert.rejects(upgrade(bad), { reason: 'RELEASE_REVERTED' });
      const now = await status();
      const { failures, seen, slowestMs, calls } = await end();
      context.diagnostic(`${calls} calls, the slowest ${slowestMs} ms`);
      assert.deepEqual(failures, [], await journal());
      assert.deepEqual(seen, ['1.1.0']);
      assert.match(now.leftReason, why);
      assert.deepEqual([now.version, now.onTrial], ['1.1.0', false]);
    });

  test('one that nobody confirms is left', async () => {
    const lonely = await release('4.0.0');
    const channel = await connect(true);
    const options = { allowDowngrade: false, confirm: false, message: '' };
    assert.equal((await installRelease({ channel, connect }, lonely, options, signal)).state, 'on trial');
    channel.close();
    let now = await status();
    assert.deepEqual([now.version, now.onTrial], ['4.0.0', true]);
    assert.ok((now.trialSecondsLeft ?? 99) <= 20);
    while (now.version === '4.0.0') now = await status();
    assert.deepEqual([now.version, now.onTrial], ['1.1.0', false]);
    assert.match(now.leftReason, /nobody confirmed/);
  });

  test('one that dies after it was confirmed is left for the one before, and an operator can go back', async () => {
    assert.equal((await upgrade(await release('5.0.0'))).state, 'confirmed');
    const { release: broken } = await status();
    const code = join(machine.root, 'var/lib/nodectl/agent', broken, 'lib/nodectl-agent.mjs');
    assert.ok(existsSync(code));
    // A disk that lies: the launcher passes it over.
    appendFileSync(code, '//');
    await machine.run('systemctl', 'restart', 'nodectl-agent.service').catch(() => '');
    let now = await status();
    assert.equal(now.version, '1.1.0');
    const channel = await connect(true);
    await channel.unary('nodectl.v1.AgentReleaseService/RevertAgentRelease', { message: 'rotten' });
    channel.close();
    while (now.leftReason === '') now = await status();
    assert.notEqual(now.nextRelease, broken);
    assert.equal(now.version, '1.1.0');
    assert.match(now.leftReason, /ada wanted it: rotten/);
  });
});
