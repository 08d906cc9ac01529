/** The issuer over the network: enrolment by token, renewal, the register, and who may do what. */

import assert from 'node:assert/strict';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Channel } from '../../proto/call/channel.ts';
import { openChannel } from '../../proto/call/open.ts';
import { pinnedRoot } from '../../proto/call/pin.ts';
import { Failure } from '../../proto/failure.ts';
import { readAudit } from '../../proto/serve/audit-log/read.ts';
import { type TestCredential, type TestPki, testPki } from '../../test/support/pki.ts';
import { memoryLog } from '../../test/support/serve.ts';
import { createRequest, keyPem, newKey } from '../csr.ts';
import { Denylist } from '../denylist.ts';
import { parseToken } from '../token.ts';
import { Issuer } from './issuer.ts';
import { type IssuerServer, startIssuer } from './server.ts';

let pki: TestPki;
let issuer: Issuer;
let server: IssuerServer;
let admin: Channel;
const audit = () => join(pki.folder, 'audit');
const denylist = () => join(pki.folder, 'denylist.json');
const channels: Channel[] = [];
const log = memoryLog();

before(async () => {
  pki = testPki();
  issuer = new Issuer({ authorityFolder: join(pki.folder, 'pki'), stateFolder: join(pki.folder, 'state') });
  server = await startIssuer({
    issuer,
    name: 'issuer-1',
    listen: { host: '127.0.0.1', port: 0 },
    enrolmentListen: { host: '127.0.0.1', port: 0 },
    renewalAddress: (port) => `127.0.0.1:${port}`,
    auditFolder: audit(),
    denylist: denylist(),
    log,
  });
  admin = await open(await pki.operator('alice', 'admin'));
});

after(async () => {
  for (const channel of channels) channel.close();
  await server.stop();
  issuer.close();
  pki.remove();
});

async function open(credential: TestCredential): Promise<Channel> {
  const expect = { kind: 'issuer', name: 'issuer-1' } as const;
  const channel = await openChannel({
    address: `127.0.0.1:${server.port}`,
    expect,
    trust: pki.trust,
    credential,
  });
  channels.push(channel);
  return channel;
}

/** What a node does with a token: takes the root from the pin, then sends its request. */
async function enrol(token: string, key = newKey()) {
  const address = `127.0.0.1:${server.enrolmentPort}`;
  const trust = await pinnedRoot(address, parseToken(token).pin);
  const channel = await openChannel({ address, expect: { kind: 'issuer' }, trust });
  channels.push(channel);
  // The name in the request is ignored.
  const csr = createRequest(key, 'admin');
  const answer = await channel.unary('nodectl.v1.EnrolmentService/Enrol', {
    token,
    csr,
    labels: { role: 'web' },
  });
  return { ...answer, key };
}

async function token(node: string): Promise<string> {
  return (await admin.unary('nodectl.v1.IssuerService/CreateToken', { node })).token;
}

test('a token makes one certificate, the name is the token’s, and it renews', async () => {
  const once = await token('web-1');
  const first = await enrol(once);
  assert.equal(first.renewalAddress, `127.0.0.1:${server.port}`);
  const node = await open({ key: keyPem(first.key), chain: first.certificateChain });
  const renewed = await node.unary('nodectl.v1.IssuerService/Renew', { csr: createRequest(newKey(), 'x') });
  assert.match(renewed.certificateChain, /BEGIN CERTIFICATE/);
  await assert.rejects(enrol(once), { reason: 'TOKEN_USED' });
  await assert.rejects(node.unary('nodectl.v1.IssuerService/ListNodes', {}), { reason: 'PERMISSION_DENIED' });
  assert.deepEqual(
    log.lines.filter(({ message }) => message === 'handshake refused'),
    [],
    'nobody was refused',
  );
});

test('a token is refused where it is unknown or damaged, and refused attempts do not fill the audit log', async () => {
  const good = await token('web-2');
  const { createToken } = await import('../token.ts');
  await assert.rejects(enrol(createToken('web-2', pki.trust)), { reason: 'TOKEN_INVALID' });
  await assert.rejects(enrol(`${good.slice(0, -2)}AA`), { reason: 'TOKEN_INVALID' });
  await enrol(good);
  const methods: string[] = [];
  for await (const { records } of readAudit(audit(), { sinceUsec: 0, tail: 0 }))
    for (const { method, status } of records) methods.push(`${method.split('/')[1]} ${status}`);
  assert.equal(methods.filter((one) => one.startsWith('Enrol') && one !== 'Enrol OK').length, 0);
  assert.ok(
    methods.includes('CreateToken OK') && methods.includes('Renew OK') && methods.includes('Enrol OK'),
  );
});

test('the register pages, is changed by operators, and forgets a removed node', async () => {
  for (const name of ['db-1', 'db-2', 'db-3']) await enrol(await token(name));
  const names: string[] = [];
  let pageToken = '';
  do {
    const page = await admin.unary('nodectl.v1.IssuerService/ListNodes', { pageSize: 2, pageToken });
    assert.ok(page.nodes.length <= 2);
    names.push(...page.nodes.map(({ name }) => name));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  assert.deepEqual(names, [...names].sort());
  assert.ok(['db-1', 'db-2', 'db-3'].every((name) => names.includes(name)));
  const { node } = await admin.unary('nodectl.v1.IssuerService/UpdateNode', {
    node: 'db-1',
    setLabels: { zone: 'a' },
    addresses: ['10.0.0.1:7443'],
  });
  assert.deepEqual([node?.labels, node?.addresses], [{ role: 'web', zone: 'a' }, ['10.0.0.1:7443']]);
  const gone = await enrol(await token('db-4'));
  assert.equal((await admin.unary('nodectl.v1.IssuerService/RemoveNode', { node: 'db-4' })).removed, true);
  const orphan = await open({ key: keyPem(gone.key), chain: gone.certificateChain });
  const renewal = orphan.unary('nodectl.v1.IssuerService/Renew', { csr: createRequest(newKey(), 'x') });
  await assert.rejects(renewal, { reason: 'NODE_NOT_REGISTERED' });
});

test('a reader may read the register and change nothing; nobody but nodes renews', async () => {
  const reader = await open(await pki.operator('bob', 'reader'));
  assert.ok((await reader.unary('nodectl.v1.IssuerService/ListNodes', {})).nodes.length > 0);
  const refused = { reason: 'PERMISSION_DENIED' };
  await assert.rejects(reader.unary('nodectl.v1.IssuerService/CreateToken', { node: 'x' }), refused);
  await assert.rejects(reader.unary('nodectl.v1.IssuerService/RemoveNode', { node: 'db-1' }), refused);
  await assert.rejects(admin.unary('nodectl.v1.IssuerService/Renew', {}), refused);
});

test('the enrolment port serves enrolment alone', async () => {
  const address = `127.0.0.1:${server.enrolmentPort}`;
  const channel = await openChannel({ address, expect: { kind: 'issuer' }, trust: pki.trust });
  channels.push(channel);
  for (const call of [
    channel.unary('nodectl.v1.IssuerService/ListNodes', {}),
    channel.unary('grpc.health.v1.Health/Check', {}),
  ])
    await assert.rejects(call, (error) => error instanceof Failure && error.reason === 'UNKNOWN_METHOD');
});

test('whom the issuer denies is refused from the next call on, and let in again', async () => {
  const eve = await open(await pki.operator('eve', 'admin'));
  const make = () => eve.unary('nodectl.v1.IssuerService/CreateToken', { node: 'web-9' });
  await make();
  Denylist.open(denylist()).deny({
    ...{ subject: 'nodectl://operator/eve', reason: 'laptop lost' },
    ...{ by: 'local:root', timeUsec: 1 },
  });
  await assert.rejects(make(), { reason: 'CERTIFICATE_DENIED', message: /laptop lost/ });
  await admin.unary('nodectl.v1.IssuerService/CreateToken', { node: 'web-9' });
  writeFileSync(denylist(), '{ half');
  await assert.rejects(make(), { reason: 'CERTIFICATE_DENIED' });
  rmSync(`${denylist()}.good`);
  rmSync(denylist());
  await make();
});

test('an issuer whose register is gone says so, a new one does not', async () => {
  const open = async (state: string, auditFolder: string) => {
    const log = memoryLog();
    const other = new Issuer({
      authorityFolder: join(pki.folder, 'pki'),
      stateFolder: join(pki.folder, state),
    });
    const listen = { host: '127.0.0.1', port: 0 };
    const started = await startIssuer({
      ...{ issuer: other, name: 'issuer-2', listen, enrolmentListen: listen, renewalAddress: () => '', log },
      ...{ auditFolder, denylist: join(pki.folder, state, 'denylist.json') },
    });
    other.createToken('web-1', 0);
    await started.stop();
    other.close();
    return { told: log.lines.map(({ message }) => String(message)) };
  };
  const fresh = join(pki.folder, 'fresh');
  assert.deepEqual((await open('fresh', join(fresh, 'audit'))).told, []);
  // The calls of the tests before are in this audit log.
  const { told } = await open('lost', await copyOf(audit()));
  assert.deepEqual(told, ['the register is empty, although this issuer has worked before']);
  appendFileSync(join(pki.folder, 'lost', 'register.jsonl'), '{"op"');
  assert.deepEqual((await open('lost', join(pki.folder, 'lost', 'audit'))).told, [
    'the register was not whole',
  ]);
});

async function copyOf(folder: string): Promise<string> {
  await cp(folder, `${folder}.copy`, { recursive: true });
  return `${folder}.copy`;
}
