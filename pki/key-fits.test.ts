import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '../proto/failure.ts';
import { testPki } from '../test/support/pki.ts';
import { AuthorityFolder } from './issuer/authority.ts';
import { keyFits } from './key-fits.ts';
import { loadNodeFolder, saveNodeFolder } from './pair-file.ts';
import { verifyPem } from './verify.ts';
import { verifyStore } from './verify-store.ts';

const pki = testPki();
after(() => pki.remove());
const { key, chain } = await pki.node('web-1');

/** A key in PEM, one bit of whose secret number has rotted, while the copy of its public key beside it is whole. */
function rotten(pem: string): string {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
  // RFC 5915: ECPrivateKey begins with version 1 and the number as an OCTET STRING of 32 bytes.
  const at = der.indexOf(Buffer.from('0201010420', 'hex')) + 5 + 9;
  der[at] = (der[at] ?? 0) ^ 0x10;
  return `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}

test('a key fits its own certificate, and not when a bit of it has rotted, though its public key is whole', async () => {
  const leaf = new X509Certificate(chain);
  assert.equal(keyFits(leaf, createPrivateKey(key)), true);
  const other = await pki.node('web-2');
  assert.equal(keyFits(leaf, createPrivateKey(other.key)), false);
  const damaged = createPrivateKey(rotten(key));
  assert.equal(leaf.checkPrivateKey(damaged), true, 'what OpenSSL says of it');
  assert.equal(keyFits(leaf, damaged), false);
});

test('a node whose key has rotted goes on with the last good pair', () => {
  const folder = join(pki.folder, 'rotten');
  mkdirSync(folder);
  saveNodeFolder(folder, key, chain, pki.trust);
  loadNodeFolder(folder);
  writeFileSync(join(folder, 'node.pem'), rotten(key) + chain);
  const found = loadNodeFolder(folder);
  assert.equal(found?.pair.key, key);
  assert.match(found?.problem?.message ?? '', /node\.pem was not taken: the private key does not belong/);
});

test('a PKI whose key has rotted is told by verify, and by the issuer before it issues anything', () => {
  const path = join(pki.store.folder, 'nodes.key');
  writeFileSync(path, rotten(pki.store.read('nodes.key')));
  const found = verifyStore(pki.store).filter(({ level }) => level === 'error');
  assert.deepEqual(
    found.map(({ sentence }) => sentence),
    ['nodes.key does not belong to nodes.crt'],
  );
  assert.throws(
    () => new AuthorityFolder(pki.store.folder).current(),
    (error: Failure) => error instanceof Failure && /nodes\.key does not belong/.test(error.message),
  );
  writeFileSync(path, 'no key');
  assert.throws(() => new AuthorityFolder(pki.store.folder), {
    reason: 'BAD_CERTIFICATE',
    message: /^nodes\.key in .* is damaged: the PEM text holds no private key$/,
    hint: /backup/,
  });
  const ofPem = verifyPem(rotten(key) + chain, pki.trust).find(({ level }) => level === 'error');
  assert.equal(ofPem?.sentence, 'the private key does not belong to it');
});
