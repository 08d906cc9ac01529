/**
 * A fleet is handed over to a new root, from end to end: the command line makes the statements, an agent as a program takes them,
 * renews with an issuer of the new root, and gives the old root up; nobody is cut off on the way.
 */

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { remoteIssuer } from '../../agent/server/issuer-client.ts';
import { renewNode } from '../../pki/enrol.ts';
import { judgeStatement } from '../../pki/hand-over.ts';
import { loadNodeFolder } from '../../pki/pair-file.ts';
import { initStore, Store } from '../../pki/store.ts';
import { Failure } from '../../proto/failure.ts';
import { freePort } from '../bench/rig/process.ts';
import { AgentFleet } from '../support/agent-fleet.ts';

const top = join(import.meta.dirname, '..', '..');
const PROGRAM = join(top, 'cli', 'nodectl.ts');
let fleet: AgentFleet;
let address = '';

before(async () => {
  fleet = await AgentFleet.start();
  ({ address } = await fleet.enrolled('web-1'));
});
after(() => fleet?.stop());

const inFolder = (name: string) => join(fleet.pki.folder, name);

/** Runs the command line as an operator of a PKI, and gives what it said. */
async function nodectl(as: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const config = inFolder(`${as}.yaml`);
  const env = { PATH: process.env.PATH, HOME: fleet.pki.folder, NODECTL_CONFIG: config };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), text: stdout + stderr }),
    );
  });
}

/** A contexts file for an admin of a PKI. */
async function operator(as: string, folder: string): Promise<void> {
  const { pem } = await new Store(folder).issueOperator({ name: 'alice', role: 'admin' }, () => '');
  writeFileSync(inFolder(`${as}.pem`), pem, { mode: 0o600 });
  const nodes = [{ name: 'web-1', addresses: [address] }];
  const context = { trust: join(folder, 'root.crt'), credential: inFolder(`${as}.pem`), nodes };
  const contexts = { current: 'test', contexts: { test: context } };
  writeFileSync(inFolder(`${as}.yaml`), JSON.stringify(contexts), { mode: 0o600 });
}

/** The issuer of a PKI as a program: its address for renewals, and how to end it. */
async function issuer(folder: string): Promise<{ renewals: string; stop: () => Promise<void> }> {
  const [renewals, enrolment] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const args = ['pki', 'serve', '--dir', folder, '--listen', renewals, '--enrol-listen', enrolment];
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  await new Promise<void>((resolve, reject) => {
    const take = (bytes: Buffer) => {
      text += bytes;
      if (text.includes('Ctrl-C ends it')) resolve();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('exit', () => reject(new Error(text)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'close');
  };
  return { renewals, stop };
}

test('a fleet goes over to a new root, and both hold meanwhile', async () => {
  const [old, fresh] = [inFolder('pki'), inFolder('pki-new')];
  initStore(fresh, { plain: true });
  await operator('old', old);
  await operator('new', fresh);
  const version = (as: string) => nodectl(as, 'version', '-n', 'web-1');
  assert.equal((await version('old')).code, 0);
  assert.match((await version('new')).text, /WRONG_CA/);

  const statement = inFolder('trust.statement');
  const retirement = inFolder('distrust.statement');
  const made = await nodectl('old', 'pki', 'hand-over', '--dir', old, '--to', fresh, '--out', statement);
  assert.equal(made.code, 0, made.text);
  assert.equal(new Store(fresh).trust().split('BEGIN').length, 3);
  const retired = await nodectl(
    'new',
    ...['pki', 'hand-over', '--dir', fresh, '--retire', join(old, 'root.crt'), '--out', retirement],
  );
  assert.equal(retired.code, 0, retired.text);
  // Nobody whom the node trusts has signed that yet.
  const tooEarly = await nodectl('old', 'access', 'trust', retirement, '-n', 'web-1', '-y');
  assert.match(tooEarly.text, /WRONG_CA/);

  const tried = await nodectl('old', 'access', 'trust', statement, '-n', 'web-1', '--dry-run');
  assert.match(tried.text, /would be trusted/);
  // Retiring has taken the old root out of the new PKI's file; it is still needed.
  await nodectl('old', 'pki', 'hand-over', '--dir', old, '--to', fresh, '--out', statement, '-y');
  const taken = await nodectl('old', 'access', 'trust', statement, '-n', 'web-1', '-y');
  assert.equal(taken.code, 0, taken.text);
  for (const as of ['old', 'new']) assert.equal((await version(as)).code, 0, as);

  const inUse = await nodectl('new', 'access', 'trust', retirement, '-n', 'web-1', '-y');
  assert.match(inUse.text, /ROOT_IN_USE/);
  const state = inFolder('web-1');
  // The register of who may renew goes along with the issuer.
  cpSync(join(inFolder('hub'), 'issuer'), join(fresh, 'issuer'), { recursive: true });
  const { renewals, stop } = await issuer(fresh);
  try {
    const before = loadNodeFolder(state);
    assert.ok(before);
    const source = remoteIssuer(undefined, () => renewals);
    await renewNode(state, 'web-1', (csr) => source.renew(before, csr, { addresses: [], labels: {} }));
  } finally {
    await stop();
  }
  // The agent has the new certificate in use as soon as it has looked at its folder.
  const own = async () => (await nodectl('new', 'access', 'trust', retirement, '-n', 'web-1', '-y')).text;
  let last = await own();
  for (let tries = 0; /ROOT_IN_USE/.test(last) && tries < 100; tries++) last = await own();
  assert.match(last, /no longer trusted/);
  assert.equal((await version('new')).code, 0);
  assert.match((await version('old')).text, /CERTIFICATE_REFUSED|WRONG_CA/);
  // The old root has no say any more.
  const again = await nodectl('new', 'access', 'trust', statement, '-n', 'web-1', '-y');
  assert.match(again.text, /WRONG_CA/);
});

test('whoever calls with the root that goes is told so before anything is changed', async () => {
  const { address: other } = await fleet.enrolled('web-2');
  const channel = await fleet.open(other, 'web-2');
  const { makeStatement } = await import('../../pki/hand-over.ts');
  const store = initStore(inFolder('pki-third'), { plain: true });
  const ask = () => '';
  const oldRoot = await fleet.pki.store.signer('root', ask);
  const newRoot = await store.signer('root', ask);
  const change = (statement: string) =>
    channel.unary('nodectl.v1.AccessService/ChangeTrust', { statement, validateOnly: false });
  assert.equal((await change(makeStatement('trust', oldRoot, newRoot.certificate))).changed, true);
  assert.equal((await change(makeStatement('trust', oldRoot, newRoot.certificate))).changed, false);
  const { pem } = await store.issueNode('web-2', 3_600_000);
  writeFileSync(join(inFolder('web-2'), 'node.pem'), pem);
  const retire = makeStatement('distrust', newRoot, oldRoot.certificate);
  let failure: Failure | undefined;
  for (let tries = 0; tries < 200 && !/your own/.test(failure?.message ?? ''); tries++)
    failure = await change(retire).then(
      () => undefined,
      (error: unknown) => Failure.from(error),
    );
  assert.equal(failure?.reason, 'ROOT_IN_USE');
  assert.equal((await change(makeStatement('trust', oldRoot, newRoot.certificate))).trusted.length, 2);
  channel.close();
});

test('statements that are damaged, old, or of somebody else change nothing', async () => {
  const ask = () => '';
  const trusted = await fleet.pki.store.signer('root', ask);
  const third = initStore(inFolder('pki-fourth'), { plain: true });
  const stranger = await third.signer('root', ask);
  const { makeStatement } = await import('../../pki/hand-over.ts');
  const trust = trusted.certificate.toString();
  const good = makeStatement('trust', trusted, stranger.certificate);
  assert.equal(judgeStatement(good, trust).roots.length, 2);
  const later = Date.now() + 31 * 86_400_000;
  assert.throws(() => judgeStatement(good, trust, later), { reason: 'BAD_ARGUMENT' });
  assert.throws(() => judgeStatement(good, stranger.certificate.toString()), { reason: 'WRONG_CA' });
  const changed = JSON.parse(good) as { payload: string; signature: string };
  changed.payload = changed.payload.replace('"trust"', '"distrust"');
  assert.throws(() => judgeStatement(JSON.stringify(changed), trust), { reason: 'WRONG_CA' });
  for (const bad of [
    '',
    '{}',
    'null',
    '[]',
    good.slice(0, -40),
    'x'.repeat(100_000),
    '{"payload":"null","signature":""}',
  ])
    assert.throws(() => judgeStatement(bad, trust), { reason: 'BAD_ARGUMENT' }, bad.slice(0, 40));
  // A root says nothing of itself, and what is no root is none.
  assert.throws(() => makeStatement('distrust', trusted, trusted.certificate), { reason: 'BAD_ARGUMENT' });
  const nodes = fleet.pki.store.certificate('nodes');
  assert.throws(() => makeStatement('trust', trusted, nodes), { reason: 'BAD_ARGUMENT' });
  assert.ok(readFileSync(join(inFolder('pki'), 'root.crt'), 'utf8').includes('BEGIN'));
});
