import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { chmodSync, copyFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type TestCredential, type TestPki, testPki } from '../test/support/pki.ts';
import { issueLeaf, issueRoot } from './certificate.ts';
import { newKey } from './csr.ts';
import { describe } from './describe.ts';
import type { Finding } from './finding.ts';
import { Store } from './store.ts';
import { rootPin } from './token.ts';
import { verifyPem } from './verify.ts';
import { verifyStore } from './verify-store.ts';

const DAY = 86_400_000;
const pki = testPki();
const stranger = testPki();
after(() => {
  pki.remove();
  stranger.remove();
});

const text = ({ key, chain }: TestCredential) => key + chain;
const bad = (findings: Finding[]) => findings.filter(({ level }) => level !== 'ok');
const errors = (findings: Finding[]) =>
  findings.filter(({ level }) => level === 'error').map(({ sentence }) => sentence);

/** That there is exactly one error, and of what it speaks. */
function assertOneError(findings: Finding[], sentence: RegExp, what = 'findings'): void {
  const found = errors(findings);
  assert.equal(found.length, 1, `${what}: ${found.join('; ')}`);
  assert.match(found[0] ?? '', sentence, what);
}

async function withPki(
  use: (own: TestPki, file: (name: string) => string) => Promise<void> | void,
): Promise<void> {
  const own = testPki();
  try {
    await use(own, (name) => join(own.store.folder, name));
  } finally {
    own.remove();
  }
}

test('a PKI is described without opening any key', () => {
  const { authorities, folder, pin } = describe(pki.store);
  assert.equal(folder, pki.store.folder);
  assert.equal(pin, rootPin(pki.trust).toString('hex'));
  assert.deepEqual(
    authorities.map(({ name, commonName, key }) => [name, commonName, key]),
    [
      ['root', 'nodectl root', 'plain'],
      ['nodes', 'nodectl nodes authority', 'plain'],
      ['operators', 'nodectl operators authority', 'plain'],
    ],
  );
  assert.equal(authorities[0]?.fingerprint, new X509Certificate(pki.trust).fingerprint256);
  assert.equal(JSON.stringify(describe(pki.store)).includes('PRIVATE'), false);
});

test('a sound PKI has no errors, and warnings of keys that lie about', () => {
  const findings = verifyStore(pki.store);
  assert.deepEqual(
    bad(findings).map(({ level, sentence }) => [level, sentence]),
    [
      ['warning', 'root.key lies beside the other keys, and in the clear'],
      ['warning', 'operators.key is kept in the clear: who reads it is an admin of every node'],
    ],
  );
  assert.ok(bad(findings).every(({ hint }) => hint));
});

test('a PKI whose root key is offline and whose operators’ key is sealed has nothing to warn of', () =>
  withPki(async (own, file) => {
    await own.store.renewAuthorities(() => '', { passphrase: 'correct horse battery staple' });
    renameSync(file('root.key'), join(own.folder, 'root.key'));
    const findings = verifyStore(own.store);
    assert.deepEqual(bad(findings), []);
    assert.ok(findings.some(({ sentence }) => /operators\.key is sealed/.test(sentence)));
    writeFileSync(file('operators.key'), '{"version":1}', { mode: 0o600 });
    assertOneError(verifyStore(own.store), /operators\.key is damaged/);
  }));

test('the end of authorities is told ninety days before', () => {
  const end = pki.store.certificate('nodes').validToDate.getTime();
  const about = (now: number) =>
    verifyStore(pki.store, now).filter(({ sentence }) => /until|expired|begins/.test(sentence));
  assert.ok(about(end - 90 * DAY).every(({ level }) => level === 'ok'));
  const soon = about(end - 90 * DAY + 1000);
  assert.deepEqual(
    soon.map(({ level }) => level),
    ['ok', 'warning', 'warning'],
  );
  assert.match(soon[1]?.sentence ?? '', /the nodes authority is valid only until .*, 90 days from now/);
  const over = about(end);
  assert.deepEqual(
    over.map(({ level }) => level),
    ['ok', 'error', 'error'],
  );
  assert.match(over[2]?.sentence ?? '', /the operators authority expired/);
  const early = about(Date.now() - 3 * DAY);
  assert.ok(early.every(({ level, sentence }) => level === 'error' && /not valid yet/.test(sentence)));
});

test('files that do not belong together are told apart', async () => {
  const other = (name: string) => join(stranger.store.folder, name);
  const cases: [string, (file: (name: string) => string) => void, RegExp[]][] = [
    [
      'the key of another',
      (file) => copyFileSync(other('nodes.key'), file('nodes.key')),
      [/nodes\.key does not belong to nodes\.crt/],
    ],
    [
      'both of another',
      (file) => ['nodes.key', 'nodes.crt'].map((name) => copyFileSync(other(name), file(name))),
      [/nodes authority is not signed by the root/],
    ],
    [
      'another root',
      (file) => ['root.key', 'root.crt'].map((name) => copyFileSync(other(name), file(name))),
      [/nodes authority is not signed/, /operators authority is not signed/],
    ],
    [
      'authorities mixed up',
      (file) => ['key', 'crt'].map((end) => copyFileSync(file(`nodes.${end}`), file(`operators.${end}`))),
      [
        /operators authority is named "O=nodectl, CN=nodectl nodes authority"/,
        /operators authority is not limited/,
      ],
    ],
    [
      'a damaged certificate',
      (file) => writeFileSync(file('operators.crt'), 'x'),
      [/certificate of the operators authority is damaged/],
    ],
    ['a damaged key', (file) => writeFileSync(file('operators.key'), 'x'), [/operators\.key is damaged/]],
    [
      'a root as nodes’ authority',
      (file) => ['key', 'crt'].map((end) => copyFileSync(file(`root.${end}`), file(`nodes.${end}`))),
      [/named "O=nodectl, CN=nodectl root"/, /nodes authority is not limited/],
    ],
  ];
  for (const [what, change, expected] of cases)
    await withPki((own, file) => {
      change(file);
      const found = errors(verifyStore(new Store(own.store.folder)));
      assert.equal(found.length, expected.length, `${what}: ${found.join('; ')}`);
      for (const [n, pattern] of expected.entries()) assert.match(found[n] ?? '', pattern, what);
    });
});

test('modes that let others in are errors with the command that mends them', () =>
  withPki((own, file) => {
    chmodSync(file('nodes.key'), 0o640);
    const [one] = verifyStore(own.store).filter(({ level }) => level === 'error');
    assert.match(one?.sentence ?? '', /nodes\.key is open to other users: its mode is 0640/);
    assert.equal(one?.hint, `chmod 600 ${file('nodes.key')}`);
    chmodSync(file('nodes.key'), 0o600);
    chmodSync(own.store.folder, 0o711);
    assertOneError(verifyStore(own.store), /the folder is open to other users: its mode is 0711/);
  }));

test('a key that is missing is told, that of the root being well away', () =>
  withPki((own, file) => {
    for (const name of ['root', 'nodes', 'operators'])
      renameSync(file(`${name}.key`), join(own.folder, `${name}.key`));
    const findings = verifyStore(own.store);
    assert.deepEqual(
      bad(findings).map(({ level, sentence }) => `${level} ${sentence.slice(0, 34)}`),
      ['warning nodes.key is not in the folder, so', 'warning operators.key is not in the folder'],
    );
    assert.ok(
      findings.some(({ level, sentence }) => level === 'ok' && sentence.startsWith('root.key is not')),
    );
  }));

test('sound certificates of every kind have nothing to complain of', async () => {
  for (const one of [await pki.node('web-1'), await pki.operator('alice', 'reader')])
    for (const trust of [pki.trust, undefined]) assert.deepEqual(bad(verifyPem(text(one), trust)), []);
  const [words] = verifyPem((await pki.operator('alice', 'reader')).chain, pki.trust);
  assert.equal(words?.sentence, 'it is for operator alice in the role reader');
  assert.deepEqual(bad(verifyPem(pki.trust, pki.trust)), []);
  assert.deepEqual(bad(verifyPem(pki.store.certificate('nodes').toString(), pki.trust)), []);
});

test('leaves are warned of in the last third of their life', async () => {
  const { chain } = await pki.node('web-1', 30 * DAY);
  const leaf = new X509Certificate(chain);
  const third = (leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / 3;
  const end = leaf.validToDate.getTime();
  assert.deepEqual(bad(verifyPem(chain, pki.trust, end - third)), []);
  const [warned] = bad(verifyPem(chain, pki.trust, end - third + 1000));
  assert.equal(warned?.level, 'warning');
  assert.match(warned?.sentence ?? '', /certificate of node web-1 is valid only until .*, 10 days from now/);
  assertOneError(verifyPem(chain, pki.trust, end), /node web-1 expired .*, 0 seconds ago/);
  assertOneError(
    verifyPem(chain, pki.trust, Date.now() - DAY / 2),
    /not valid yet: it begins .*, in 12 hours/,
  );
});

test('what a certificate is wrong by is said in words', async () => {
  const nodes = await pki.store.signer('nodes', () => '');
  const admin = { kind: 'operator', name: 'mallory', role: 'admin' } as const;
  const minted =
    issueLeaf(admin, nodes, createPublicKey(newKey()), Date.now(), DAY).toString() +
    nodes.certificate.toString();
  const node = await pki.node('web-1');
  const [leafAlone = ''] = node.chain.split(/(?<=-----END CERTIFICATE-----\n)/);
  const cases: [string, string, RegExp][] = [
    [
      'minted by the wrong authority',
      minted,
      /was issued by "O=nodectl, CN=nodectl nodes authority", which is not/,
    ],
    [
      'of another root',
      text(await stranger.node('web-1')),
      /does not lead to a trusted root: nothing here is "O=nodectl, CN=nodectl root"/,
    ],
    [
      'without intermediate',
      leafAlone,
      /does not lead to a trusted root: nothing here is "O=nodectl, CN=nodectl nodes authority"/,
    ],
    [
      'key of another',
      newKey().export({ type: 'pkcs8', format: 'pem' }) + node.chain,
      /private key does not belong/,
    ],
    [
      'a key that is encrypted',
      `-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n${node.chain}`,
      /private key cannot be read/,
    ],
    ['cut short', node.chain.slice(0, -40), /cut short/],
    ['nothing', 'hello', /no certificate/],
    ['a key alone', node.key, /no certificate/],
  ];
  for (const [what, pem, sentence] of cases) assertOneError(verifyPem(pem, pki.trust), sentence, what);
  assertOneError(verifyPem(node.chain, 'no roots'), /does not lead/);
  const [loose] = bad(verifyPem(leafAlone));
  assert.match(loose?.sentence ?? '', /intermediate .* is not in the text/);
});

test('a certificate of somebody else is told to be none of ours', () => {
  const key = newKey();
  const root = issueRoot(key, Date.now() - DAY, Date.now() + DAY);
  const pretender = issueLeaf(
    { kind: 'node', name: 'x' },
    { certificate: root, key },
    createPublicKey(newKey()),
    Date.now(),
    DAY,
  );
  const found = errors(verifyPem(pretender.toString() + root.toString(), pki.trust));
  assert.equal(found.length, 2);
  assert.match(found[0] ?? '', /issued by "O=nodectl, CN=nodectl root"/);
});

test('no finding repeats a key', async () => {
  const one = await pki.node('web-1');
  const secret = one.key.split('\n')[1] ?? '';
  assert.ok(secret.length > 40);
  const words = JSON.stringify([verifyPem(text(one), pki.trust), verifyPem(one.key), verifyStore(pki.store)]);
  assert.equal(words.includes(secret.slice(0, 20)), false);
});
