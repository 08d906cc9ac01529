import assert from 'node:assert/strict';
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testPki } from '../../test/support/pki.ts';
import { createRequest, newKey } from '../csr.ts';
import { identityOf } from '../identity.ts';
import { readPair } from '../pair.ts';
import { certificatesOf } from '../pem.ts';
import { Issuer, type IssuerOptions } from './issuer.ts';
import { effectiveLabels } from './register.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const pki = testPki();
const open = new Set<Issuer>();
after(() => {
  for (const issuer of open) issuer.close();
  pki.remove();
});

let count = 0;
const stateFolder = () => join(pki.folder, `state-${count++}`);

function newIssuer(options: Partial<IssuerOptions> = {}): Issuer {
  const issuer = new Issuer({ authorityFolder: pki.store.folder, stateFolder: stateFolder(), ...options });
  open.add(issuer);
  return issuer;
}

/** What a node sends. */
function hints(key: KeyObject = newKey(), labels: Record<string, string> = {}, addresses: string[] = []) {
  return { csr: createRequest(key, 'whatever'), labels, addresses };
}

const tokenFor = (issuer: Issuer, node: string, lifeMs = 0) => issuer.createToken(node, lifeMs).token;

test('a token becomes a certificate of the name in the token, whatever the request says', () => {
  const issuer = newIssuer();
  const key = newKey();
  const request = { ...hints(), csr: createRequest(key, 'nodectl://operator/mallory/admin') };
  const { chain, trust, identity } = issuer.enrol(tokenFor(issuer, 'web-1'), request);
  assert.equal(identity.uri, 'nodectl://node/web-1');
  const leaf = new X509Certificate(chain);
  assert.ok(leaf.publicKey.equals(createPublicKey(key)));
  assert.equal(leaf.subject, 'O=nodectl\nCN=web-1');
  assert.equal(trust, pki.trust);
  assert.equal(certificatesOf(chain).length, 2);
  assert.equal(identity.notAfter - identity.notBefore, 30 * DAY + 5 * 60_000);
});

test('the same token and key are answered the same again, and nothing changes', () => {
  const folder = stateFolder();
  const issuer = newIssuer({ stateFolder: folder });
  const token = tokenFor(issuer, 'web-1');
  const request = hints();
  const first = issuer.enrol(token, request);
  const before = readFileSync(join(folder, 'register.jsonl'), 'utf8');
  for (let n = 0; n < 3; n++) assert.deepEqual(issuer.enrol(token, request), first);
  assert.equal(readFileSync(join(folder, 'register.jsonl'), 'utf8'), before);
  issuer.close();
  assert.deepEqual(newIssuer({ stateFolder: folder }).enrol(token, request), first);
});

test('the token itself is nowhere on the disk', () => {
  const folder = stateFolder();
  const issuer = newIssuer({ stateFolder: folder });
  const token = tokenFor(issuer, 'web-1');
  issuer.enrol(token, hints());
  assert.equal(readFileSync(join(folder, 'register.jsonl'), 'utf8').includes(token.slice(10, 50)), false);
});

test('a token is of use to one key alone', () => {
  const issuer = newIssuer();
  const token = tokenFor(issuer, 'web-1');
  const { identity } = issuer.enrol(token, hints());
  assert.throws(() => issuer.enrol(token, hints()), { reason: 'TOKEN_USED', hint: /nodes remove web-1/ });
  assert.equal(issuer.listNodes('', 9)[0]?.serial, identity.serial);
});

test('a request that is refused does not use the token up', () => {
  const issuer = newIssuer();
  const token = tokenFor(issuer, 'web-1');
  assert.throws(() => issuer.enrol(token, { ...hints(), csr: Buffer.from('x') }), { reason: 'BAD_CSR' });
  assert.throws(() => issuer.enrol(token, hints(newKey(), { 'a b': '' })), { reason: 'BAD_ARGUMENT' });
  assert.throws(() => issuer.enrol(token, hints(newKey(), {}, ['\x1b[2J:1'])), { reason: 'BAD_ARGUMENT' });
  assert.deepEqual(issuer.listNodes('', 9), []);
  issuer.enrol(token, hints());
});

test('of twenty callers at once with one token exactly one is taken', async () => {
  const issuer = newIssuer();
  const token = tokenFor(issuer, 'web-1');
  const callers = Array.from({ length: 20 }, async () => {
    const request = hints();
    await new Promise((resolve) => setImmediate(resolve));
    return issuer.enrol(token, request).identity.serial;
  });
  const answers = await Promise.allSettled(callers);
  const taken = answers.filter((answer) => answer.status === 'fulfilled');
  const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.reason] : []));
  assert.equal(taken.length, 1);
  assert.deepEqual(reasons, Array(19).fill('TOKEN_USED'));
  assert.equal(issuer.listNodes('', 9)[0]?.serial, taken[0]?.value);
});

test('tokens that are unknown, damaged, of another root or over are each refused for what they are', () => {
  let now = Date.now();
  const folder = stateFolder();
  const issuer = newIssuer({ stateFolder: folder, now: () => now });
  const invalid = { reason: 'TOKEN_INVALID' };
  const token = tokenFor(issuer, 'web-1');
  assert.throws(() => issuer.enrol(`${token.slice(0, -1)}x`, hints()), { ...invalid, message: /damaged/ });
  assert.throws(() => issuer.enrol(tokenFor(newIssuer(), 'web-1'), hints()), {
    ...invalid,
    message: /did not make/,
  });
  now += HOUR;
  assert.throws(() => issuer.enrol(token, hints()), { reason: 'TOKEN_EXPIRED' });
  const late = tokenFor(issuer, 'web-2', 2 * HOUR);
  now += HOUR;
  issuer.enrol(late, hints());
  const kept = tokenFor(issuer, 'web-3');
  issuer.close();
  const other = testPki();
  try {
    const moved = newIssuer({ authorityFolder: other.store.folder, stateFolder: folder, now: () => now });
    assert.throws(() => moved.enrol(kept, hints()), invalid);
    moved.close();
  } finally {
    other.remove();
  }
  for (const lifeMs of [-1, 7 * DAY + 1, Number.POSITIVE_INFINITY])
    assert.throws(() => newIssuer().createToken('a', lifeMs), { reason: 'BAD_ARGUMENT' });
  assert.throws(() => newIssuer().createToken('A', 0), { reason: 'BAD_ARGUMENT' });
});

test('a node renews with its newest certificate and the one before, and with no older one', () => {
  const issuer = newIssuer();
  const first = issuer.enrol(tokenFor(issuer, 'web-1'), hints()).identity;
  const second = issuer.renew(first, hints()).identity;
  // The answer was lost: the node asks again with what it has.
  const third = issuer.renew(first, hints()).identity;
  assert.throws(() => issuer.renew(second, hints()), { reason: 'CERTIFICATE_DENIED' });
  const fourth = issuer.renew(third, hints()).identity;
  issuer.renew(third, hints());
  for (const old of [first, second, fourth])
    assert.throws(() => issuer.renew(old, hints()), { reason: 'CERTIFICATE_DENIED' });
});

test('nobody but a registered node renews', async () => {
  const issuer = newIssuer();
  const { identity } = issuer.enrol(tokenFor(issuer, 'web-1'), hints());
  const unknown = { reason: 'NODE_NOT_REGISTERED' };
  assert.throws(() => issuer.renew({ ...identity, kind: 'operator', role: 'admin' }, hints()), unknown);
  assert.throws(() => issuer.renew({ ...identity, kind: 'issuer' }, hints()), unknown);
  const stranger = identityOf(new X509Certificate((await pki.node('web-2')).chain));
  assert.throws(() => issuer.renew(stranger, hints()), unknown);
  const forged = identityOf(new X509Certificate((await pki.node('web-1')).chain));
  assert.throws(() => issuer.renew(forged, hints()), { reason: 'CERTIFICATE_DENIED' });
});

test('a removed node comes back by a new token alone', () => {
  const folder = stateFolder();
  let issuer = newIssuer({ stateFolder: folder });
  const token = tokenFor(issuer, 'web-1');
  const request = hints();
  const { identity } = issuer.enrol(token, request);
  assert.equal(issuer.removeNode('web-1'), true);
  assert.equal(issuer.removeNode('web-1'), false);
  const refused = () => {
    assert.throws(() => issuer.renew(identity, hints()), { reason: 'NODE_NOT_REGISTERED' });
    assert.throws(() => issuer.enrol(token, request), { reason: 'TOKEN_INVALID' });
    assert.throws(() => issuer.enrol(token, hints()), { reason: 'TOKEN_INVALID' });
  };
  refused();
  issuer.close();
  issuer = newIssuer({ stateFolder: folder });
  refused();
  issuer.enrol(tokenFor(issuer, 'web-1'), request);
  assert.throws(() => issuer.renew(identity, hints()), { reason: 'CERTIFICATE_DENIED' });
});

test('an old machine that asks again does not push out the one enrolled after it', () => {
  const issuer = newIssuer();
  const [oldToken, oldRequest] = [tokenFor(issuer, 'web-1'), hints()];
  const old = issuer.enrol(oldToken, oldRequest).identity;
  const current = issuer.enrol(tokenFor(issuer, 'web-1'), hints()).identity;
  assert.equal(issuer.enrol(oldToken, oldRequest).identity.serial, old.serial);
  assert.throws(() => issuer.renew(old, hints()), { reason: 'CERTIFICATE_DENIED' });
  issuer.renew(current, hints());
});

test('an answer that has ended is not given again', () => {
  let now = Date.now();
  const issuer = newIssuer({ nodeLifeMs: HOUR, now: () => now });
  const [token, request] = [tokenFor(issuer, 'web-1', DAY), hints()];
  issuer.enrol(token, request);
  now += 2 * HOUR;
  assert.throws(() => issuer.enrol(token, request), { reason: 'TOKEN_USED', message: /has ended/ });
});

test('an issuer serves under its own name', () => {
  const issuer = newIssuer();
  const { key, chain, notAfter } = issuer.servingPair('issuer.example.org');
  const { identity } = readPair(key + chain, issuer.trust, 'issuer');
  assert.equal(identity.uri, 'nodectl://issuer/issuer.example.org');
  assert.equal(identity.notAfter, notAfter);
});

test('the register keeps what nodes say apart from what operators set', () => {
  const issuer = newIssuer();
  const first = issuer.enrol(
    tokenFor(issuer, 'web-1'),
    hints(newKey(), { zone: 'a', os: 'debian' }, ['10.0.0.1:7443']),
  );
  const change = { setLabels: {}, removeLabels: [] as string[], addresses: [] as string[] };
  const labels = () => effectiveLabels(issuer.listNodes('', 1)[0] ?? assert.fail());
  issuer.updateNode('web-1', { ...change, setLabels: { role: 'db', zone: 'b' } });
  assert.deepEqual(labels(), { zone: 'b', os: 'debian', role: 'db' });
  issuer.updateNode('web-1', {
    ...change,
    removeLabels: ['role', 'os', 'never', 'constructor', '__proto__'],
  });
  assert.deepEqual(labels(), { zone: 'b' });
  issuer.updateNode('web-1', { ...change, addresses: ['[fd00::7]:7443'] });
  // A renewal says the labels anew; what operators said stays.
  issuer.renew(first.identity, hints(newKey(), { zone: 'c', os: 'arch', rack: '7' }));
  assert.deepEqual(labels(), { zone: 'b', rack: '7' });
  assert.deepEqual(issuer.listNodes('', 1)[0]?.addresses, ['[fd00::7]:7443']);
  assert.throws(() => issuer.updateNode('web-9', change), { reason: 'NODE_NOT_REGISTERED' });
  for (let n = 0; n < 62; n++) issuer.updateNode('web-1', { ...change, setLabels: { [`l${n}`]: 'x' } });
  assert.throws(() => issuer.updateNode('web-1', { ...change, setLabels: { l62: 'x' } }), {
    reason: 'BAD_ARGUMENT',
  });
});

test('pages of the register are sorted, whole, and go on where they ended while nodes come and go', () => {
  const issuer = newIssuer();
  const names = ['b', 'a', 'c-1', 'c.x', 'c', 'zz', 'c-10', 'd'];
  for (const name of names) issuer.enrol(tokenFor(issuer, name), hints());
  const seen: string[] = [];
  for (let after = ''; ; after = seen.at(-1) ?? '') {
    const page = issuer.listNodes(after, 3);
    if (page.length === 0) break;
    seen.push(...page.map(({ name }) => name));
  }
  assert.deepEqual(seen, [...names].sort());
  issuer.removeNode('c');
  assert.deepEqual(
    issuer.listNodes('c', 2).map(({ name }) => name),
    ['c-1', 'c-10'],
  );
  issuer.enrol(tokenFor(issuer, 'ba'), hints());
  assert.deepEqual(
    issuer.listNodes('b', 1).map(({ name }) => name),
    ['ba'],
  );
  assert.deepEqual(issuer.listNodes('zz', 5), []);
});

test('hostile labels and addresses are refused', () => {
  const issuer = newIssuer();
  const token = tokenFor(issuer, 'web-1');
  const bad = { reason: 'BAD_ARGUMENT' };
  const labels = [
    { '': 'x' },
    { 'a\n': 'x' },
    { a: '\x1b[31m' },
    { a: 'x'.repeat(64) },
    { ['x'.repeat(64)]: '' },
    { _a: 'x' },
  ];
  for (const one of labels)
    assert.throws(() => issuer.enrol(token, hints(newKey(), one as Record<string, string>)), bad);
  assert.throws(() => issuer.enrol(token, hints(newKey(), JSON.parse('{"__proto__":"x"}'))), bad);
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`l${n}`, '']));
  assert.throws(() => issuer.enrol(token, hints(newKey(), many)), bad);
  const addresses = [
    '',
    'a',
    'a:0',
    'a:65536',
    'a b:1',
    ':1',
    '[::1]',
    '::1:1',
    'a/b:1',
    'a;b:1',
    `${'a'.repeat(254)}:1`,
    'a:1\n',
  ];
  for (const one of addresses) assert.throws(() => issuer.enrol(token, hints(newKey(), {}, [one])), bad, one);
  assert.throws(() => issuer.enrol(token, hints(newKey(), {}, Array(17).fill('a:1'))), bad);
  issuer.enrol(
    token,
    hints(newKey(), { 'a/b.c_d-e': 'v 1:2@x' }, ['node.example:7443', '[fe80::1%eth0]:1', '10.0.0.1:65535']),
  );
});
