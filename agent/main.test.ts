/** The agent as a program: enrolment, renewal, what it does with broken files, and its end. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { saveNodeFolder } from '../pki/pair-file.ts';
import { openChannel } from '../proto/call/open.ts';
import { Failure } from '../proto/failure.ts';
import { AgentFleet, PROGRAM } from '../test/support/agent-fleet.ts';
import { testPki } from '../test/support/pki.ts';

let fleet: AgentFleet;

before(async () => {
  fleet = await AgentFleet.start();
});
after(() => fleet.stop());

test('a node enrols with a token file, is in the register, serves, and ends with status 0 on SIGTERM', async () => {
  const { agent, address } = await fleet.enrolled('web-1', [
    '--label',
    'role=web',
    '--announce',
    '10.0.0.7:7443',
  ]);
  const seen = await fleet.node(address, 'web-1');
  assert.deepEqual([seen.node, seen.labels, seen.warnings], ['web-1', { role: 'web' }, []]);
  const channel = await fleet.open(fleet.hubAddress, 'hub');
  const { nodes } = await channel.unary('nodectl.v1.IssuerService/ListNodes', {});
  channel.close();
  const known = nodes.find(({ name }) => name === 'web-1');
  assert.deepEqual([known?.addresses, known?.labels], [['10.0.0.7:7443'], { role: 'web' }]);
  assert.equal(await agent.stop(), 0);
  assert.ok(agent.lines.some(({ msg }) => msg === 'stopped'));
  assert.doesNotMatch(agent.text(), /nctl_/);
});

test('without a certificate and without a token it says what to do, and ends with the status of that', async () => {
  const agent = fleet.run('nobody', ['--listen', '127.0.0.1:0']);
  await once(agent.child, 'close');
  assert.equal(agent.child.exitCode, 78);
  assert.match(
    agent.text(),
    /no certificate in .* and no token.*\[NO_CERTIFICATE\]\nhint: .*nodectl pki token/,
  );
});

test('a second agent on the same state is refused; one that was killed leaves nothing in the way', async () => {
  const { agent } = await fleet.enrolled('twin-1');
  const second = fleet.run('twin-1', ['--listen', '127.0.0.1:0']);
  await once(second.child, 'close');
  assert.equal(second.child.exitCode, 78);
  assert.match(second.text(), /another agent works with .*twin-1 already \[BAD_CONFIG\]\nhint: /);
  agent.child.kill('SIGKILL');
  await once(agent.child, 'close');
  const third = fleet.run('twin-1', ['--listen', '127.0.0.1:0']);
  await third.line('serving');
  assert.equal(await third.stop(), 0);
});

test('a token of another issuer is refused before it is sent', async () => {
  const other = testPki();
  const { createToken } = await import('../pki/token.ts');
  const foreign = createToken('web-9', other.trust);
  const agent = fleet.run('web-9', [
    '--listen',
    '127.0.0.1:0',
    '--issuer',
    fleet.enrolment,
    `--token=${foreign}`,
  ]);
  await once(agent.child, 'close');
  assert.equal(agent.child.exitCode, 1);
  assert.match(agent.text(), /\[WRONG_CA\]/);
  other.remove();
});

test('a half-written and a mismatched pair leave the last good one in use and are told', async () => {
  const { agent, address } = await fleet.enrolled('web-2');
  const file = join(fleet.pki.folder, 'web-2', 'node.pem');
  const good = readFileSync(file, 'utf8');
  const other = await fleet.pki.node('web-2');
  const mine = good.slice(good.indexOf('-----BEGIN CERTIFICATE'));
  for (const broken of [good.slice(0, 500), other.key + mine]) {
    writeFileSync(file, broken);
    let warnings: string[] = [];
    while (warnings.length === 0) ({ warnings } = await fleet.node(address, 'web-2'));
    assert.match(warnings.join(), /node\.pem was not taken/);
    writeFileSync(file, good);
    while (warnings.length > 0) ({ warnings } = await fleet.node(address, 'web-2'));
  }
  const before = (await fleet.node(address, 'web-2')).certificateNotAfter;
  const longer = await fleet.pki.node('web-2', 40 * 86_400_000);
  writeFileSync(file, longer.key + longer.chain);
  while ((await fleet.node(address, 'web-2')).certificateNotAfter === before);
  assert.equal(await agent.stop(), 0);
});

test('a node whose certificate has ended enrols anew with a new token, and keeps what it has where it cannot', async () => {
  const HOUR = 3_600_000;
  const folder = join(fleet.pki.folder, 'late-1');
  const old = await fleet.pki.node('late-1', HOUR, Date.now() - 2 * HOUR);
  mkdirSync(folder, { mode: 0o700 });
  saveNodeFolder(folder, old.key, old.chain, fleet.pki.trust);
  const { agent, address } = await fleet.enrolled('late-1');
  assert.ok(agent.lines.some(({ msg }) => msg === 'enrolled'));
  assert.deepEqual((await fleet.node(address, 'late-1')).warnings, []);
  assert.equal(await agent.stop(), 0);
  const fresh = readFileSync(join(folder, 'node.pem'), 'utf8');
  const tokenOf = (name: string) => join(fleet.pki.folder, `${name}.token`);
  writeFileSync(tokenOf('other-1'), await fleet.token('other-1'));
  for (const [token, why] of [
    [tokenOf('late-1'), /used before/],
    [tokenOf('other-1'), /the token is for .*other-1/],
  ] as const) {
    for (const name of ['node.pem', 'node.pem.good']) writeFileSync(join(folder, name), old.key + old.chain);
    const again = fleet.run('late-1', [
      ...['--listen', '127.0.0.1:0'],
      ...['--issuer', fleet.enrolment, '--token-file', token],
    ]);
    await again.line('serving');
    assert.match(again.text(), why);
    assert.equal(await again.stop(), 0);
  }
  // A certificate in force is never given up for a token.
  saveNodeFolder(
    folder,
    fresh.slice(0, fresh.indexOf('-----BEGIN CERT')),
    fresh.slice(fresh.indexOf('-----BEGIN CERT')),
  );
  const inForce = (await fleet.enrolled('late-1')).agent;
  assert.ok(!inForce.lines.some(({ msg }) => msg === 'enrolled'));
  assert.equal(await inForce.stop(), 0);
});

test('a certificate past two thirds of its life is renewed by itself, without a failed call', async () => {
  const { agent } = await fleet.enrolled('web-3');
  await agent.stop();
  const registered = readFileSync(join(fleet.pki.folder, 'web-3', 'node.pem'), 'utf8');
  // The same node, started as if most of its certificate's life had passed: its clock runs 25 days ahead of its issuer's.
  const again = fleet.run('web-3', ['--listen', '127.0.0.1:0'], {
    env: {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent('const now = Date.now; Date.now = () => now() + 25 * 86400000;')}`,
    },
  });
  const serving = await again.line('serving');
  await again.line('a new certificate or trust bundle is in use');
  assert.notEqual(readFileSync(join(fleet.pki.folder, 'web-3', 'node.pem'), 'utf8'), registered);
  const seen = await fleet
    .node((serving.addresses as string[])[0] ?? '', 'web-3')
    .catch((error: unknown) => error);
  // An operator's certificate of a day has ended for a node whose clock is 25 days ahead.
  assert.ok(seen instanceof Failure && seen.reason === 'CERTIFICATE_EXPIRED');
  await again.stop();
});

test('SIGHUP takes labels of the file into use; a broken file changes nothing', async () => {
  const config = join(fleet.pki.folder, 'web-4.yaml');
  writeFileSync(config, 'labels: { role: web }\n');
  const { agent, address } = await fleet.enrolled('web-4', ['--config', config]);
  assert.deepEqual((await fleet.node(address, 'web-4')).labels, { role: 'web' });
  writeFileSync(config, 'labels: { role: db }\n');
  agent.child.kill('SIGHUP');
  await agent.line('labels and addresses were read again; other changes need a restart');
  assert.deepEqual((await fleet.node(address, 'web-4')).labels, { role: 'db' });
  writeFileSync(config, 'labels: 3\n');
  agent.child.kill('SIGHUP');
  await agent.line('the configuration was not read again');
  assert.deepEqual((await fleet.node(address, 'web-4')).labels, { role: 'db' });
  await agent.stop();
});

test('a denied operator is out at once, and the audit names who did it', async () => {
  const { agent, address } = await fleet.enrolled('web-5');
  const eve = await fleet.pki.operator('eve', 'reader');
  const target = { address, expect: { kind: 'node', name: 'web-5' }, trust: fleet.pki.trust } as const;
  const theirs = await openChannel({ ...target, credential: eve });
  const watching = theirs.serverStream('grpc.health.v1.Health/Watch', {})[Symbol.asyncIterator]();
  await watching.next();
  const channel = await fleet.open(address, 'web-5');
  const answer = await channel.unary('nodectl.v1.AccessService/Deny', {
    subject: 'nodectl://operator/eve',
    reason: 'laptop stolen',
  });
  assert.equal(answer.endedCalls, 1);
  await assert.rejects(watching.next(), { reason: 'CERTIFICATE_DENIED', message: /laptop stolen/ });
  const late = await openChannel({ ...target, credential: eve });
  await assert.rejects(late.unary('nodectl.v1.SystemService/GetVersion', {}), {
    reason: 'CERTIFICATE_DENIED',
  });
  const batches = [];
  for await (const batch of channel.serverStream('nodectl.v1.AccessService/ReadAudit', {}))
    batches.push(batch);
  const record = batches.flatMap(({ records }) => records).at(-1);
  assert.deepEqual(
    [record?.caller, record?.method, record?.status],
    ['nodectl://operator/alice/admin', 'nodectl.v1.AccessService/Deny', 'OK'],
  );
  assert.equal(batches.at(-1)?.broken, '');
  for (const one of [theirs, late, channel]) one.close();
  await agent.stop();
});

test('help, version and check-config answer and end', () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
  assert.match(run('--help').stdout, /^nodectl-agent serves/);
  assert.match(run('--version').stdout, /^nodectl-agent \d+\.\d+\.\d+/);
  const file = join(fleet.pki.folder, 'checked.yaml');
  writeFileSync(file, 'listen: 1\n');
  const bad = run('check-config', file);
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /checked\.yaml:1:1: listen/);
  writeFileSync(file, 'name: web-1\n');
  assert.equal(run('check-config', file).status, 0);
  // No image is on trial here; what waits for the end of a trial waits for nothing.
  const gate = run('health', '--gate', '--state', join(file, '..'));
  assert.deepEqual([gate.status, gate.stdout], [0, 'no image is on trial\n']);
  const usage = run('--nonsense');
  assert.equal(usage.status, 2);
  assert.match(usage.stderr, /hint: nodectl-agent --help/);
});
