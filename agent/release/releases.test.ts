/** Releases on a node: what is refused, what is taken in, and that a kill between any two steps leaves an agent that starts. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createPrivateKey } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
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
import { after, before, test } from 'node:test';
import { type OpenRelease, openRelease } from '../../cli/release/artifact.ts';
import { AGENT_MANIFEST_TYPE } from '../../proto/image/agent-manifest.ts';
import { encodeEnvelope, signManifest } from '../../proto/image/envelope.ts';
import { makeBuild, makeRelease, makeReleaseKey } from '../../test/support/agent-release.ts';
import { memoryLog } from '../../test/support/serve.ts';
import { trustedKeys } from './keys.ts';
import { AgentReleases, type ReleaseParts } from './releases.ts';

const top = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'nodectl-releases-'));
let folders = 0;
const newFolder = () => join(top, `node-${folders++}`);
const { signal } = new AbortController();
const baked = join(top, 'baked');
// What is started says its release and ends.
const build = { runtime: 'echo "$NODECTL_RELEASE"' };
let keys: { key: string; trusted: string };
const releases: OpenRelease[] = [];
const names: string[] = [];

before(async () => {
  keys = makeReleaseKey(top);
  makeBuild(baked, { version: '1.0.0', ...build });
  for (const serial of [1, 2, 3]) {
    const made = await makeRelease(
      join(top, `build-${serial}`),
      { version: `1.${serial}.0`, ...build },
      { keys: [keys.key], serial },
    );
    names.push(made.release);
    releases.push(await openRelease(made.file));
  }
  // The guard asks systemd to start the agent anew, which here is up to the test.
  mkdirSync(join(top, 'bin'));
  const script = '#!/bin/sh\n';
  writeFileSync(join(top, 'bin', 'systemctl'), script, { mode: 0o755 });
});
after(async () => {
  for (const one of releases) await one.close();
  rmSync(top, { recursive: true });
});

/** What the launcher starts. */
function launched(folder: string): string {
  return execFileSync(join(baked, 'nodectl-agent'), {
    env: { PATH: process.env.PATH, NODECTL_RELEASES: folder },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

/** Runs the guard, after the agent has failed four times with a status where one is named, and gives what it said. */
function guard(folder: string, failed = ''): string {
  const run = join(top, 'run');
  mkdirSync(run, { recursive: true });
  const script = (args: string[], env: Record<string, string>) => {
    const { stderr, status } = spawnSync(join(baked, 'nodectl-agent-revert'), args, {
      env: {
        PATH: `${join(top, 'bin')}:${process.env.PATH}`,
        ...{ NODECTL_RELEASES: folder, RUNTIME_DIRECTORY: run, NODECTL_REVERT_PAUSE: '0', ...env },
      },
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.equal(status, 0, stderr);
    return stderr;
  };
  let said = '';
  if (failed !== '') {
    script(['ended'], { SERVICE_RESULT: 'success', EXIT_STATUS: '75' });
    for (let times = 0; times < 4; times++) {
      assert.equal(
        said + (existsSync(join(folder, 'failing')) ? 'failing' : ''),
        '',
        'once is not too often',
      );
      said += script(['ended'], { SERVICE_RESULT: 'exit-code', EXIT_STATUS: failed });
    }
  }
  said += script([], {});
  rmSync(`${folder}.guard`, { force: true });
  return said;
}

/** Leaves a trial no time. */
function endTime(folder: string): void {
  const path = join(folder, 'trial');
  const trial = readFileSync(path, 'utf8');
  // The whole line: names of releases may hold any digits.
  assert.match(trial, /^seconds [1-9]\d*$/m);
  writeFileSync(path, trial.replace(/^seconds \d+$/m, 'seconds 0'));
}

/** An agent as the launcher would start it now; a guard comes up with a trial. */
function start(folder: string, more: Partial<ReleaseParts> = {}) {
  mkdirSync(folder, { recursive: true });
  const agent = { restarts: 0 };
  const guarded = `${folder}.guard`;
  const releasesOf = new AgentReleases({
    ...{ folder, guard: guarded, running: launched(folder), program: baked, log: memoryLog() },
    trust: { keyring: () => trustedKeys(keys.trusted), threshold: 1 },
    image: createHash('sha256')
      .update(readFileSync(join(baked, 'lib', 'nodectl-agent.mjs')))
      .digest('hex'),
    platform: `${process.platform}-${process.arch}`,
    restart: () => {
      agent.restarts++;
    },
    ...{ now: () => Date.now(), uptimeSeconds: () => 100, guardMs: 1_000, ...more },
    step: (name) => {
      if (name === 'trial') writeFileSync(guarded, '220\n');
      if (/^(?:no trial|trial to)/.test(name)) rmSync(guarded, { force: true });
      more.step?.(name);
    },
  });
  return Object.assign(agent, { releases: releasesOf });
}

const envelopeOf = ({ signatures }: OpenRelease) => encodeEnvelope(signatures, AGENT_MANIFEST_TYPE);
const at = (index: number) => ({
  release: releases[index] as OpenRelease,
  name: names[index] as string,
});

/** Sends what a node lacks of a release, and gives how many bytes that were. */
async function send(node: AgentReleases, release: OpenRelease, pieces = 64 << 10): Promise<number> {
  const incoming = await node.receive(release.manifestBytes, envelopeOf(release), false);
  let sent = 0;
  try {
    for (const { digest, size, offset } of incoming.wanted) {
      const blob = await release.blob(digest);
      for (let from = offset; from < size; from += pieces) {
        const bytes = await blob.readRange(from, Math.min(pieces, size - from));
        await incoming.take(digest, from, bytes);
        sent += bytes.length;
      }
    }
    await incoming.finish();
  } finally {
    incoming.end();
  }
  return sent;
}

/** A node that runs a release, confirmed. */
async function installed(folder: string, ...indexes: number[]): Promise<void> {
  for (const index of indexes) {
    const { release, name } = at(index);
    const before = start(folder);
    await send(before.releases, release);
    await before.releases.use(name, false, signal);
    start(folder).releases.confirm(name);
  }
}

test('a release is sent, tried and confirmed; the next one sends only what differs', async () => {
  const folder = newFolder();
  const first = start(folder);
  assert.equal(first.releases.state().running, 'baked');
  // Launcher, runtime and data are those of the node's image: only the code differs.
  const all = at(0).release.manifest.files.reduce((sum, { blob }) => sum + blob.size, 0);
  const sent = await send(first.releases, at(0).release);
  assert.ok(sent > 0 && sent < all / 4, `${sent} of ${all}`);
  assert.equal(launched(folder), 'baked', 'sending takes nothing into use');
  assert.equal(await first.releases.use(at(0).name, false, signal), 120);
  assert.equal(first.restarts, 1);
  const second = start(folder);
  const trial = second.releases.state();
  assert.deepEqual([trial.running, trial.trial], [at(0).name, { before: 'baked', secondsLeft: 120 }]);
  assert.match(second.releases.warnings.join(), /on trial/);
  await assert.rejects(second.releases.use(at(1).name, false, signal), { reason: 'RELEASE_TRIAL_RUNNING' });
  assert.throws(() => second.releases.confirm(at(1).name), { reason: 'RELEASE_NOT_ON_TRIAL' });
  second.releases.confirm(at(0).name);
  assert.throws(() => second.releases.confirm(at(0).name), { reason: 'RELEASE_NOT_ON_TRIAL' });
  const state = second.releases.state();
  assert.deepEqual(
    [state.trial, state.previous, state.floor, state.manifest?.serial],
    [undefined, 'baked', 1, 1],
  );
  assert.deepEqual(second.releases.warnings, []);
  await installed(folder, 1, 2);
  assert.equal(launched(folder), at(2).name);
  // What nothing leads to is gone.
  assert.deepEqual(
    readdirSync(folder)
      .filter((one) => one.length >= 64)
      .sort(),
    [at(1).name, at(2).name].sort(),
  );
});

test('what is refused leaves everything as it was', async () => {
  const folder = newFolder();
  await installed(folder, 1);
  const { release } = at(2);
  const envelope = envelopeOf(release);
  const plan = (node: AgentReleases, manifest: Uint8Array, signatures: Uint8Array, downgrade = false) =>
    node.plan(manifest, signatures, downgrade);
  const node = start(folder).releases;
  const flipped = Buffer.from(release.manifestBytes);
  flipped[40] = (flipped[40] ?? 0) ^ 1;
  assert.throws(() => plan(node, flipped, envelope), { reason: 'IMAGE_SIGNATURE_INVALID' });
  // A signature under the type of OS images is none of an agent.
  const key = createPrivateKey(readFileSync(keys.key));
  const other = encodeEnvelope([signManifest(release.manifestBytes, key)], AGENT_MANIFEST_TYPE);
  assert.throws(() => plan(node, release.manifestBytes, other), { reason: 'IMAGE_SIGNATURE_INVALID' });
  const stranger = createPrivateKey(readFileSync(makeReleaseKey(top, 'stranger').key));
  const theirs = encodeEnvelope(
    [signManifest(release.manifestBytes, stranger, AGENT_MANIFEST_TYPE)],
    AGENT_MANIFEST_TYPE,
  );
  assert.throws(() => plan(node, release.manifestBytes, theirs), { reason: 'IMAGE_SIGNATURES_TOO_FEW' });
  const two = { keyring: () => trustedKeys(keys.trusted), threshold: 2 };
  assert.throws(() => plan(start(folder, { trust: two }).releases, release.manifestBytes, envelope), {
    reason: 'IMAGE_SIGNATURES_TOO_FEW',
  });
  assert.throws(() => plan(start(folder, { trust: undefined }).releases, release.manifestBytes, envelope), {
    reason: 'RELEASE_UNTRUSTED',
  });
  assert.throws(
    () => plan(start(folder, { platform: 'linux-riscv64' }).releases, release.manifestBytes, envelope),
    { reason: 'RELEASE_WRONG_PLATFORM' },
  );
  const older = at(0).release;
  assert.throws(() => plan(node, older.manifestBytes, envelopeOf(older)), { reason: 'RELEASE_OLDER' });
  assert.equal(plan(node, older.manifestBytes, envelopeOf(older), true).release, at(0).name);
  const ending = await makeRelease(
    join(top, 'ending'),
    { version: '9.0.0', ...build },
    { keys: [keys.key], serial: 9, notAfter: '2026-01-01T00:00:00Z' },
  );
  const ended = await openRelease(ending.file);
  await ended.close();
  const later = start(folder, { now: () => Date.parse('2026-01-01T00:00:01Z') }).releases;
  assert.throws(() => plan(later, ended.manifestBytes, envelopeOf(ended)), { reason: 'RELEASE_EXPIRED' });
  await assert.rejects(node.use(at(2).name, false, signal), { reason: 'RELEASE_INCOMPLETE' });
  await assert.rejects(node.use('../../etc', false, signal), { reason: 'RELEASE_INCOMPLETE' });
  // No guard comes up: the release stays where it is, unused.
  await send(node, release);
  const unguarded = start(folder, {
    step: (name) => {
      if (name === 'trial') rmSync(`${folder}.guard`);
    },
  });
  await assert.rejects(unguarded.releases.use(at(2).name, false, signal), { reason: 'RELEASE_NOT_GUARDED' });
  assert.equal(unguarded.restarts, 0);
  assert.equal(launched(folder), at(1).name);
  assert.ok(!existsSync(join(folder, 'trial')));
  // And the next correct one works.
  const good = start(folder);
  await good.releases.use(at(2).name, false, signal);
  assert.equal(launched(folder), at(2).name);
});

test('a transfer goes on where it broke off, and what arrives wrong is asked for again', async () => {
  const folder = newFolder();
  const { release } = at(0);
  // Nothing is known here, so that all has to be sent.
  const node = start(folder, { program: join(top, 'nowhere') }).releases;
  const offer = () => node.receive(release.manifestBytes, envelopeOf(release), false);
  const first = await offer();
  const largest = first.wanted.toSorted((a, b) => b.size - a.size)[0] as (typeof first.wanted)[number];
  await assert.rejects(offer(), { reason: 'RELEASE_BUSY' });
  const blob = await release.blob(largest.digest);
  await assert.rejects(first.take(largest.digest, 5, Buffer.alloc(5)), { reason: 'BAD_ARGUMENT' });
  await assert.rejects(first.take(`sha256:${'0'.repeat(64)}`, 0, Buffer.alloc(5)), {
    reason: 'BAD_ARGUMENT',
  });
  await assert.rejects(first.take(largest.digest, 0, Buffer.alloc(largest.size + 1)), {
    reason: 'BAD_ARGUMENT',
  });
  await first.take(largest.digest, 0, await blob.readRange(0, 1_000));
  await assert.rejects(first.finish(), { reason: 'RELEASE_INCOMPLETE' });
  first.end();
  // Also another agent goes on, after a kill.
  const again = start(folder, { program: join(top, 'nowhere') }).releases;
  const second = await again.receive(release.manifestBytes, envelopeOf(release), false);
  assert.equal(second.wanted.find(({ digest }) => digest === largest.digest)?.offset, 1_000);
  await assert.rejects(second.take(largest.digest, 1_000, Buffer.alloc(largest.size - 1_000)), {
    reason: 'RELEASE_DIGEST_MISMATCH',
  });
  second.end();
  const all = release.manifest.files.reduce((sum, { blob: { size } }) => sum + size, 0);
  assert.equal(await send(again, release), all);
  assert.equal(await send(again, release), 0);
});

test('a release whose files rot is passed over by the launcher, on trial or not', async () => {
  const folder = newFolder();
  await installed(folder, 0, 1);
  appendFileSync(join(folder, at(1).name, 'lib', 'nodectl-agent.mjs'), '//');
  assert.equal(launched(folder), at(0).name);
  assert.match(start(folder).releases.warnings.join(), /is not what runs/);
  await assert.rejects(send(start(folder).releases, at(1).release), { reason: 'RELEASE_INCOMPLETE' });
  chmodSync(join(folder, at(0).name, 'nodectl-agent'), 0o600);
  assert.equal(launched(folder), 'baked');
  // On trial: the agent that is started in its place has the guard go back.
  const other = newFolder();
  const node = start(other).releases;
  await send(node, at(0).release);
  await node.use(at(0).name, false, signal);
  writeFileSync(join(other, at(0).name, 'nodectl-agent'), '');
  assert.equal(start(other).releases.state().running, 'baked');
  assert.match(guard(other), /goes back to the release baked/);
  assert.match(start(other).releases.state().reverted?.why ?? '', /not whole/);
  // A link to somewhere else is none.
  rmSync(join(other, 'current'), { force: true });
  symlinkSync('../../etc', join(other, 'current'));
  assert.equal(launched(other), 'baked');
});

test('the guard goes back at the deadline, on a crash, when asked to, and from a confirmed one that fails', async () => {
  const folder = newFolder();
  await installed(folder, 0);
  const trial = async () => {
    const node = start(folder).releases;
    await send(node, at(1).release);
    await node.use(at(1).name, false, signal);
    return start(folder).releases;
  };
  const over = () => endTime(folder);
  const left = (why: RegExp) => {
    assert.equal(launched(folder), at(0).name);
    const node = start(folder).releases;
    const { reverted, trial: still, floor } = node.state();
    assert.equal(reverted?.release, at(1).name);
    assert.match(reverted?.why ?? '', why);
    assert.deepEqual([still, floor], [undefined, 1], 'a release that was never confirmed raises no floor');
    assert.match(node.warnings.join(), why);
  };
  const late = await trial();
  over();
  assert.match(guard(folder), /nobody confirmed it within 0 s/);
  assert.throws(() => late.confirm(at(1).name), { reason: 'RELEASE_NOT_ON_TRIAL' });
  left(/nobody confirmed/);
  await trial();
  guard(folder, '3');
  left(/did not stay up/);
  const asked = await trial();
  assert.equal(asked.goBack('ada  wanted\nit'), at(0).name);
  guard(folder);
  left(/ada wanted it$/);
  (await trial()).confirm(at(1).name);
  assert.deepEqual(start(folder).releases.state().reverted, undefined);
  // A configuration that it cannot work with is no reason to leave it.
  assert.match(guard(folder, '78'), /another release would not help/);
  assert.equal(launched(folder), at(1).name);
  guard(folder, '139');
  assert.equal(launched(folder), at(0).name);
  assert.match(start(folder).releases.state().reverted?.why ?? '', /status 139 after/);
  guard(folder, '139');
  assert.equal(launched(folder), 'baked');
  assert.match(guard(folder, '139'), /another release would not help/);
  assert.throws(() => start(folder).releases.goBack(''), { reason: 'BAD_ARGUMENT' });
});

test('a kill between any two steps leaves an agent that starts, and one of the two releases', async () => {
  const folder = newFolder();
  await installed(folder, 0);
  const killed: { at: string; folder: string }[] = [];
  const step = (name: string) => {
    const copy = newFolder();
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
    killed.push({ at: name, folder: copy });
  };
  const before = start(folder, { step }).releases;
  await send(before, at(1).release);
  await before.use(at(1).name, false, signal);
  const after = start(folder, { step }).releases;
  step('started');
  after.confirm(at(1).name);
  after.goBack('asked');
  assert.ok(killed.length >= 14, killed.map(({ at: name }) => name).join('\n'));
  const ends = new Set<string>();
  for (const { at: name, folder: copy } of killed) {
    const starts = launched(copy);
    assert.ok([at(0).name, at(1).name].includes(starts), `killed at ${name}: ${starts} starts`);
    // The next agent ends what was begun; then the guard, whose time is over.
    const next = start(copy).releases;
    assert.equal(launched(copy), starts, name);
    const onTrial = next.state().trial !== undefined;
    if (existsSync(join(copy, 'trial'))) endTime(copy);
    guard(copy);
    const end = launched(copy);
    const { trial, floor, running, current } = start(copy).releases.state();
    assert.equal(trial, undefined, name);
    assert.equal(running, current, name);
    if (onTrial) assert.equal(end, at(0).name, `killed at ${name}: what was not confirmed does not stay`);
    assert.equal(
      floor,
      Math.max(
        end === at(1).name ? 2 : 1,
        existsSync(join(copy, 'floor')) ? Number(readFileSync(join(copy, 'floor'), 'utf8')) : 0,
      ),
      name,
    );
    for (const record of ['trial', 'confirmed', 'reverting'])
      assert.ok(!existsSync(join(copy, record)), `killed at ${name}: ${record} is left`);
    // And it can be upgraded.
    await send(start(copy).releases, at(2).release);
    await start(copy).releases.use(at(2).name, false, signal);
    assert.equal(launched(copy), at(2).name, name);
    ends.add(end);
  }
  assert.deepEqual(ends, new Set([at(0).name, at(1).name]));
});

test('another image of the node brings its own agent, and one that is fallen back to has its release again', async () => {
  const folder = newFolder();
  await installed(folder, 0);
  const code = join(baked, 'lib', 'nodectl-agent.mjs');
  const before = readFileSync(code);
  try {
    appendFileSync(code, '// of another image\n');
    const other = start(folder).releases;
    assert.deepEqual([other.state().running, other.warnings], ['baked', []]);
    // A release that is brought to this image counts for it.
    await send(other, at(1).release);
    await other.use(at(1).name, false, signal);
    assert.equal(launched(folder), at(1).name);
    const trial = start(folder).releases;
    assert.equal(trial.state().trial?.before, 'baked');
    trial.confirm(at(1).name);
  } finally {
    writeFileSync(code, before);
  }
  assert.equal(launched(folder), 'baked');
  const old = newFolder();
  await installed(old, 0);
  writeFileSync(code, `${before}//`);
  assert.equal(launched(old), 'baked');
  writeFileSync(code, before);
  assert.equal(launched(old), at(0).name);
});

test('files of a release are for its owner alone', async () => {
  const folder = newFolder();
  await installed(folder, 0);
  const { mode } = statSync(join(folder, at(0).name, 'lib', 'nodectl-agent.mjs'));
  assert.equal(mode & 0o077, 0);
});
