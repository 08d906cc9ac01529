import assert from 'node:assert/strict';
import { createPublicKey, type X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { testPki } from '../test/support/pki.ts';
import { createRequest, keyPem, newKey, requestKey } from './csr.ts';
import { enrolNode, type IssuerAnswer, renewNode } from './enrol.ts';
import { Issuer } from './issuer/issuer.ts';
import { loadNodeFolder } from './pair-file.ts';
import { privateKeyOf } from './pem.ts';
import { rootPin } from './token.ts';

const pki = testPki();
const stranger = testPki();
const issuer = new Issuer({ authorityFolder: pki.store.folder, stateFolder: join(pki.folder, 'state') });
const impostor = new Issuer({
  authorityFolder: stranger.store.folder,
  stateFolder: join(stranger.folder, 'state'),
});
after(() => {
  issuer.close();
  impostor.close();
  pki.remove();
  stranger.remove();
});

const newFolder = () => join(mkdtempSync(join(pki.folder, 'node-')), 'agent');
const tokenFor = (node: string) => issuer.createToken(node, 0).token;
const hints = (csr: Uint8Array) => ({ csr, labels: {}, addresses: [] });

/** The issuer's answer to a token, as it would come over the network. */
const answering =
  (token: string, from = issuer) =>
  async (csr: Uint8Array): Promise<IssuerAnswer> => {
    const { chain, trust } = from.enrol(token, hints(csr));
    return { certificateChain: chain, trustBundle: trust };
  };

test('a node enrols and finds its pair again', async () => {
  const folder = newFolder();
  const token = tokenFor('web-1');
  let shown: Buffer | undefined;
  const { pair, answer } = await enrolNode(folder, token, async (csr, pin) => {
    shown = pin;
    return { ...(await answering(token)(csr)), note: 'kept' };
  });
  assert.equal(pair.identity.uri, 'nodectl://node/web-1');
  assert.equal(answer.note, 'kept');
  assert.deepEqual(shown, rootPin(pki.trust));
  assert.equal(loadNodeFolder(folder)?.pair.identity.serial, pair.identity.serial);
  assert.equal(existsSync(join(folder, 'enrol.key')), false);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
});

test('after an answer that was lost, asking again gives the very certificate that was issued', async () => {
  const folder = newFolder();
  const token = tokenFor('web-1');
  let issued: IssuerAnswer | undefined;
  const lost = enrolNode(folder, token, async (csr) => {
    issued = await answering(token)(csr);
    throw new Error('connection reset');
  });
  await assert.rejects(lost, /connection reset/);
  assert.equal(loadNodeFolder(folder), undefined);
  assert.equal(statSync(join(folder, 'enrol.key')).mode & 0o777, 0o600);
  const { pair } = await enrolNode(folder, token, answering(token));
  assert.equal(pair.chain, issued?.certificateChain);
  assert.deepEqual(readdirSync(folder).sort(), ['node.pem', 'trust.pem']);
});

test('the key is on the disk before the first word is said', async () => {
  const folder = newFolder();
  const token = tokenFor('web-1');
  await enrolNode(folder, token, async (csr) => {
    const kept = privateKeyOf(readFileSync(join(folder, 'enrol.key'), 'utf8'));
    assert.ok(createPublicKey(kept).equals(requestKey(csr)));
    return answering(token)(csr);
  });
});

test('an answer that is not to be believed is refused and stored nowhere', async () => {
  const token = tokenFor('web-1');
  const good = await answering(token)(createRequest(newKey(), 'x'));
  const other = tokenFor('web-2');
  const foreign = () => impostor.createToken('web-1', 0).token;
  const wrong: [string, RegExp | { reason: string }, (csr: Buffer) => Promise<IssuerAnswer>][] = [
    ['another root', { reason: 'WRONG_CA' }, answering(foreign(), impostor)],
    [
      'another root beside the right one',
      { reason: 'WRONG_CA' },
      async (csr) => ({ ...(await answering(foreign(), impostor)(csr)), trustBundle: pki.trust }),
    ],
    [
      'the pinned root missing',
      { reason: 'WRONG_CA' },
      async () => ({ ...good, trustBundle: stranger.trust }),
    ],
    ['another name', { reason: 'WRONG_NODE' }, answering(other)],
    ['another key', { reason: 'BAD_CERTIFICATE' }, async () => good],
    ['no chain', { reason: 'BAD_CERTIFICATE' }, async () => ({ ...good, certificateChain: '' })],
    [
      'half a chain',
      { reason: 'BAD_CERTIFICATE' },
      async () => ({ ...good, certificateChain: good.certificateChain.slice(0, 300) }),
    ],
    ['no roots', { reason: 'WRONG_CA' }, async () => ({ ...good, trustBundle: '' })],
    [
      'too much',
      { reason: 'BAD_CERTIFICATE' },
      async () => ({ ...good, trustBundle: pki.trust.repeat(1000) }),
    ],
  ];
  for (const [what, expected, ask] of wrong) {
    const folder = newFolder();
    await assert.rejects(enrolNode(folder, token, ask), expected, what);
    assert.deepEqual(readdirSync(folder), ['enrol.key'], what);
  }
});

test('a damaged token is refused before anything is made', async () => {
  const folder = newFolder();
  await assert.rejects(
    enrolNode(folder, `${tokenFor('web-1')}x`, () => assert.fail('nobody should be asked')),
    { reason: 'TOKEN_INVALID' },
  );
  assert.equal(existsSync(folder), false);
});

test('a pending key that is damaged is told, not replaced without a word', async () => {
  const folder = newFolder();
  const token = tokenFor('web-1');
  await assert.rejects(
    enrolNode(folder, token, () => Promise.reject(new Error('down'))),
    /down/,
  );
  writeFileSync(join(folder, 'enrol.key'), 'damaged');
  await assert.rejects(enrolNode(folder, token, answering(token)), { reason: 'BAD_CERTIFICATE' });
});

test('a renewal takes a new key each time and leaves the old pair where it fails', async () => {
  const folder = newFolder();
  const token = tokenFor('web-1');
  const { pair } = await enrolNode(folder, token, answering(token));
  const asked: X509Certificate['publicKey'][] = [];
  const ask = async (csr: Buffer) => {
    asked.push(requestKey(csr));
    const { chain, trust } = issuer.renew(pair.identity, hints(csr));
    return { certificateChain: chain, trustBundle: trust };
  };
  const failing = renewNode(folder, 'web-1', async (csr) => {
    await ask(csr);
    throw new Error('connection reset');
  });
  await assert.rejects(failing, /connection reset/);
  assert.equal(loadNodeFolder(folder)?.pair.identity.serial, pair.identity.serial);
  const renewed = await renewNode(folder, 'web-1', ask);
  assert.equal(loadNodeFolder(folder)?.pair.identity.serial, renewed.identity.serial);
  assert.equal(new Set(asked.map((key) => key.export({ type: 'spki', format: 'pem' }))).size, 2);
  assert.notEqual(renewed.key, pair.key);
  await assert.rejects(renewNode(folder, 'web-2', ask), { reason: 'WRONG_NODE' });
  const wrongKey = async () => ask(createRequest(newKey(), 'x'));
  await assert.rejects(renewNode(folder, 'web-1', wrongKey), { reason: 'BAD_CERTIFICATE' });
  assert.equal(loadNodeFolder(folder)?.pair.identity.serial, renewed.identity.serial);
  assert.ok(keyPem(newKey()).startsWith('-----BEGIN PRIVATE KEY-----'));
});
