import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { split, testPki } from '../test/support/pki.ts';
import {
  BACKDATE_MS,
  isConstrained,
  issueAuthority,
  issueLeaf,
  issueRoot,
  type Signer,
} from './certificate.ts';
import { newKey } from './csr.ts';
import type { Subject } from './names.ts';

const DAY = 86_400_000;
const pki = testPki();
const stranger = testPki();
const scratch = mkdtempSync(join(tmpdir(), 'nodectl-certificate-'));
after(() => {
  pki.remove();
  stranger.remove();
  rmSync(scratch, { recursive: true });
});

/** What OpenSSL's strict verification says of a chain in PEM, leaf first: "OK", or its first complaint. */
function opensslVerify(
  chain: string,
  purpose: 'sslclient' | 'sslserver',
  trust = pki.trust,
  at = Date.now(),
): string {
  const file = (name: string, text: string) => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };
  const [leaf = '', ...others] = chain.split(/(?<=-----END CERTIFICATE-----\n)/);
  const run = spawnSync(
    'openssl',
    [
      ...[
        'verify',
        '-x509_strict',
        '-check_ss_sig',
        '-purpose',
        purpose,
        '-attime',
        String(Math.floor(at / 1000)),
      ],
      ...['-CAfile', file('trust.pem', trust)],
      ...(others.length > 0 ? ['-untrusted', file('others.pem', others.join(''))] : []),
      file('leaf.pem', leaf),
    ],
    { encoding: 'utf8', timeout: 10_000 },
  );
  if (run.status === 0) return 'OK';
  return /error \d+ at \d+ depth lookup: (.*)/.exec(run.stderr)?.[1] ?? run.stderr;
}

/** A chain that a sound PKI would not make: any subject by any signer. */
function chainOf(subject: Subject, signer: Signer, from = Date.now(), lifeMs = DAY): string {
  const leaf = issueLeaf(subject, signer, createPublicKey(newKey()), from, lifeMs);
  return leaf.toString() + signer.certificate.toString();
}

const signer = (name: 'nodes' | 'operators', of = pki) => of.store.signer(name, () => '');

test('OpenSSL takes every kind of certificate by the letter of RFC 5280', async () => {
  const long = `${'n'.repeat(63)}`;
  for (const name of ['web-1', 'a', 'db.example.org', long]) {
    const { chain } = await pki.node(name);
    assert.equal(opensslVerify(chain, 'sslserver'), 'OK', name);
    assert.equal(opensslVerify(chain, 'sslclient'), 'OK', name);
    assert.equal(opensslVerify(chainOf({ kind: 'issuer', name }, await signer('nodes')), 'sslserver'), 'OK');
  }
  for (const name of ['alice', 'ci.deploy_bot-7', long])
    for (const role of ['reader', 'operator', 'admin'])
      assert.equal(
        opensslVerify((await pki.operator(name, role)).chain, 'sslclient'),
        'OK',
        `${name} ${role}`,
      );
});

test('a certificate serves no purpose but its own', async () => {
  const operator = await pki.operator('alice', 'admin');
  assert.match(opensslVerify(operator.chain, 'sslserver'), /unsuit|purpose/i);
  const issuer = chainOf({ kind: 'issuer', name: 'issuer-1' }, await signer('nodes'));
  assert.match(opensslVerify(issuer, 'sslclient'), /unsuit|purpose/i);
});

test('OpenSSL refuses what an authority may not issue', async () => {
  const nodes = await signer('nodes');
  const operators = await signer('operators');
  const admin = { kind: 'operator', name: 'mallory', role: 'admin' } as const;
  assert.equal(opensslVerify(chainOf(admin, nodes), 'sslclient'), 'permitted subtree violation');
  for (const kind of ['node', 'issuer'] as const)
    assert.match(
      opensslVerify(chainOf({ kind, name: 'web-1' }, operators), 'sslserver'),
      /subtree violation|purpose/,
    );
  assert.match(
    opensslVerify(chainOf({ kind: 'node', name: 'web-1' }, operators), 'sslclient'),
    /subtree violation/,
  );
});

test('a leaf can issue nothing, and an intermediate no authority', async () => {
  const { key, chain } = await pki.node('web-1');
  const leaf = {
    certificate: new X509Certificate(chain),
    key: createPrivateKey(key),
  };
  const below = chainOf({ kind: 'node', name: 'web-2' }, leaf);
  assert.match(opensslVerify(below + chain, 'sslclient'), /invalid CA certificate/);

  const nodes = await signer('nodes');
  const subKey = newKey();
  const sub = issueAuthority('operators', nodes, createPublicKey(subKey), Date.now() - DAY, Date.now() + DAY);
  const admin = { kind: 'operator', name: 'mallory', role: 'admin' } as const;
  const deep = chainOf(admin, { certificate: sub, key: subKey }) + nodes.certificate.toString();
  assert.match(
    opensslVerify(deep, 'sslclient'),
    /path length constraint exceeded|permitted subtree violation/,
  );
});

test('times and roots count', async () => {
  const { chain } = await pki.node('web-1');
  assert.equal(opensslVerify(chain, 'sslclient', pki.trust, Date.now() + 2 * DAY), 'certificate has expired');
  assert.equal(
    opensslVerify(chain, 'sslclient', pki.trust, Date.now() - DAY / 2),
    'certificate is not yet valid',
  );
  assert.equal(opensslVerify(chain, 'sslclient', pki.trust, Date.now() - 4 * 60_000), 'OK');
  assert.match(
    opensslVerify(chain, 'sslclient', stranger.trust),
    /unable to get issuer|unable to get local issuer/,
  );
});

test('a leaf ends no later than its authority, and an authority that has ended issues nothing', async () => {
  const nodes = await signer('nodes');
  const end = nodes.certificate.validToDate.getTime();
  const leaf = new X509Certificate(chainOf({ kind: 'node', name: 'web-1' }, nodes, end - DAY, 30 * DAY));
  assert.equal(leaf.validToDate.getTime(), end);
  const late = () => chainOf({ kind: 'node', name: 'web-1' }, nodes, end);
  assert.throws(late, { reason: 'CERTIFICATE_EXPIRED', message: /nodectl nodes authority ended/ });
  const early = () => chainOf({ kind: 'node', name: 'web-1' }, nodes, Date.now() - 2 * DAY);
  assert.throws(early, { reason: 'CERTIFICATE_NOT_YET_VALID' });
});

test('times from 2050 on are written as OpenSSL reads them', () => {
  const begin = Date.UTC(2049, 11, 31);
  const key = newKey();
  const root = issueRoot(key, begin, begin + 9 * DAY);
  assert.equal(root.validToDate.getTime(), begin + 9 * DAY);
  const authorityKey = newKey();
  const certificate = issueAuthority(
    'nodes',
    { certificate: root, key },
    createPublicKey(authorityKey),
    begin,
    begin + 8 * DAY,
  );
  const at = begin + 2 * DAY;
  const chain = chainOf({ kind: 'node', name: 'web-1' }, { certificate, key: authorityKey }, at);
  assert.equal(new X509Certificate(chain).validFromDate.getTime(), at - BACKDATE_MS);
  assert.equal(opensslVerify(chain, 'sslclient', root.toString(), at), 'OK');
  assert.equal(opensslVerify(chain, 'sslclient', root.toString(), at + 2 * DAY), 'certificate has expired');
});

test('serial numbers are long, positive and never the same', async () => {
  const nodes = await signer('nodes');
  const publicKey = createPublicKey(newKey());
  const serials = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const { serialNumber } = issueLeaf({ kind: 'node', name: 'n' }, nodes, publicKey, Date.now(), DAY);
    assert.match(serialNumber, /^[4-7][0-9A-F]{31}$/);
    serials.add(serialNumber);
  }
  assert.equal(serials.size, 200);
});

test('common names keep to 64 characters', async () => {
  const { chain } = await pki.operator('o'.repeat(63), 'operator');
  const name = new X509Certificate(chain).subject.split('CN=')[1] ?? '';
  assert.equal(name, `${'o'.repeat(53)} (operator)`);
});

test('an authority without its limits is told from one with them', async () => {
  const { store } = pki;
  assert.ok(isConstrained(store.certificate('nodes'), 'nodes'));
  assert.ok(isConstrained(store.certificate('operators'), 'operators'));
  assert.ok(!isConstrained(store.certificate('nodes'), 'operators'));
  assert.ok(!isConstrained(store.certificate('root'), 'nodes'));
});

test('openssl x509 reads the names as we mean them', async () => {
  writeFileSync(join(scratch, 'one.pem'), split((await pki.store.issueNode('web-1', DAY)).pem).chain);
  const text = execFileSync('openssl', ['x509', '-in', join(scratch, 'one.pem'), '-noout', '-text'], {
    encoding: 'utf8',
  });
  assert.match(text, /URI:nodectl:\/\/node\/web-1, DNS:web-1/);
  assert.match(text, /Key Usage: critical\s+Digital Signature\n/);
  assert.match(text, /Basic Constraints: critical\s+CA:FALSE/);
});
